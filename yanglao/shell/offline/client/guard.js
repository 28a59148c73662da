// On every other page, where this device has been used for field work: another account finds the first one's
// store locked, and signing out asks about what was not sent.
import { currentOwner, openVault, setCurrentOwner } from "./vault.js";

const guard = document.getElementById("field-guard");
const owner = currentOwner();

async function lockAnother() {
  if (!owner || owner === guard.dataset.owner) return;
  const vault = await openVault(owner);
  const empty = await vault.leave();
  vault.db.close();
  if (empty) setCurrentOwner("");
}

async function leaving(form) {
  const vault = await openVault(owner);
  const { drafts, waiting } = await vault.unsent();
  if (drafts + waiting && !form.dataset.sure) {
    guard.querySelector("[data-number]").textContent = drafts + waiting;
    guard.showModal();
    vault.db.close();
    return;
  }
  const empty = await vault.leave();
  vault.db.close();
  if (empty) setCurrentOwner("");
  form.submit();
}

lockAnother();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (owner && owner === guard.dataset.owner && form.getAttribute("action") === guard.dataset.logout) {
    event.preventDefault();
    event.stopImmediatePropagation();
    guard.leaving = form;
    leaving(form);
  }
}, true);
guard.querySelector("[data-leave]").addEventListener("click", () => {
  guard.leaving.dataset.sure = "1";
  guard.close();
  leaving(guard.leaving);
});
