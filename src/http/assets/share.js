// What only a script can do with the page's address: copy it, or hand it to the device. The buttons are hidden without.

const copy = document.getElementById("copy-link");
const share = document.getElementById("share");
const said = document.getElementById("share-said");
const canonical = document.querySelector('link[rel="canonical"]');
const address = canonical?.href ?? location.origin + location.pathname;

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = copy.dataset.copied;
    } catch {
      // Refused by the browser: the address is shown, to be copied by hand.
      said.textContent = address;
    }
  });
}

if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    // Whoever closes the device's menu changes nothing.
    navigator.share({ title: document.title, url: address }).catch(() => {});
  });
}
