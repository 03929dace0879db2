/**
 * Where is what the shopper wrote until the server has it? In the browser: what is being typed in this tab's storage, what was
 * sent and not yet taken in the one that all tabs share, in its order and each with the id that makes a repeat harmless.
 */

const DRAFT = "engage-chat-draft:";
const UNSENT = "engage-chat-unsent:";
/** What nobody came back to is dropped after so long (ms). */
const KEPT = 86400000;

const attempt = (work, otherwise) => {
  try {
    return work();
  } catch {
    return otherwise; // Storage is off or full: then it lasts as long as the page.
  }
};

/** Whether it is kept now. */
const put = (storage, key, value) =>
  attempt(() => {
    if (value) storage().setItem(key, value);
    else storage().removeItem(key);
    return true;
  }, false);

export const newId = () =>
  crypto.randomUUID
    ? crypto.randomUUID()
    : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
        (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

/** The outbox of one conversation, named by its address. */
export const openOutbox = (name) => {
  const draftKey = DRAFT + name;
  const key = UNSENT + name;
  const session = () => sessionStorage;
  const shared = () => localStorage;
  /** What could not be put there; `null` where it could. */
  let here = null;

  const read = () => here || attempt(() => JSON.parse(shared().getItem(key) || "{}").items || [], []);
  const write = (items) => {
    here = put(shared, key, items.length && JSON.stringify({ at: Date.now(), items })) ? null : items;
  };

  attempt(() => {
    for (const other of Object.keys(localStorage)) {
      if (other.startsWith(UNSENT) && !(JSON.parse(localStorage.getItem(other)).at > Date.now() - KEPT)) localStorage.removeItem(other);
    }
  });

  return {
    key,
    items: read,
    add: (body) => {
      const item = { id: newId(), body };
      write([...read(), item]);
      return item;
    },
    remove: (id) => write(read().filter((item) => item.id !== id)),
    draft: () => attempt(() => session().getItem(draftKey), "") || "",
    keepDraft: (text) => put(session, draftKey, text),
    forget: () => {
      write([]);
      put(session, draftKey, "");
    },
  };
};

/** Runs `work` in one tab at a time, where the browser can see to that; where it cannot, ids keep a repeat harmless. */
export const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());
