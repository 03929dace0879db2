/** What does the shop itself keep at the bottom of the window? */

/** The height in px of what the shop itself keeps at the bottom of the window (a bar with buttons), so that ours stay above. */
export const heightOfBar = () => {
  for (const x of [0.5, 0.9]) {
    for (let element of document.elementsFromPoint(innerWidth * x, innerHeight - 6)) {
      if (element.closest("#engage-root, #engage-help")) continue;
      for (; element && element !== document.body; element = element.parentElement) {
        if (!/fixed|sticky/.test(getComputedStyle(element).position)) continue;
        const { top, height } = element.getBoundingClientRect();
        if (height < innerHeight / 3) return Math.max(0, innerHeight - top);
      }
    }
  }
  return 0;
};
