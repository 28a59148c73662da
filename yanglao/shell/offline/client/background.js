// Sending by the service worker, when the browser wakes it because there is signal again (Background Sync): the page
// may long be closed. Where the browser has no such thing, the page sends by itself as soon as it is open.
import { NoSignal, Sender } from "./sending.js";
import { openVault } from "./vault.js";

export const TAG = "yanglao-send:";

// throws NoSignal when something still waits, so that the browser wakes us once more; `tell` hears what the page hears
export async function sendFor(owner, tell) {
  const vault = await openVault(owner);
  try {
    const way = await vault.way();
    if (!way || !await vault.unlock()) return; // nobody is signed in here: its owner sends it after he has
    const sender = new Sender(vault, way, tell, { again: false });
    await sender.run();
    if (sender.lost) throw new NoSignal();
  } finally {
    vault.db.close();
  }
}
