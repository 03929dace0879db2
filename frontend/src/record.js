/** How is a page recorded that its shopper shares? By rrweb, masked, stripped; loaded after the yes, and never before. */

import { record } from "@rrweb/record";
import { guard } from "./guard.js";
import { BLOCKED, BULLETS, MASKED, stripper } from "./strip.js";

const hide = (text) => (text.trim() ? BULLETS : text);

/** Records the page into `tell(event)`. Returns `again`, which has it begin with a whole picture, `idOf` a node, and `stop`. */
export const begin = (tell) => {
  const strip = stripper((id) => record.mirror.getNode(id));
  const stop = record({
    emit: guard((event) => {
      const clean = strip(event);
      if (clean) tell(clean);
    }),
    blockSelector: BLOCKED,
    maskAllInputs: true,
    maskInputFn: () => "",
    maskTextSelector: MASKED,
    maskTextFn: hide,
    slimDOMOptions: "all",
    inlineStylesheet: false,
    inlineImages: false,
    collectFonts: false,
    recordCanvas: false,
    recordCrossOriginIframes: false,
    sampling: { mousemove: 100, mousemoveCallback: 300, scroll: 100, media: 800, input: "last" },
    errorHandler: () => true,
  });
  return {
    again: () => record.takeFullSnapshot(true),
    nodeOf: (id) => record.mirror.getNode(id),
    stop: () => stop && stop(),
  };
};
