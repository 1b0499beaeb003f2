// The state of a page is its address: #/ruin?n=3000&seed=1. A link reproduces what its sender saw.

/** The panel and the values in the address. */
export function readState() {
  const [panel, query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  return { panel, values: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a panel with these values. */
export function stateURL(panel, values = {}) {
  const query = queryText(values, true);
  return `#/${panel}${query && `?${query}`}`;
}

/** Puts the state into the address without a new entry in the history. */
export function writeState(panel, values) {
  history.replaceState(null, "", stateURL(panel, values));
}

/** Values as a query that stays readable: commas, slashes and colons need no escapes there. */
export function queryText(values, keepsEmpty = false) {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null && (keepsEmpty || value !== ""))
    .map(([name, value]) => `${name}=${escapeValue(String(value))}`)
    .join("&");
}

function escapeValue(value) {
  return encodeURIComponent(value).replace(/%(2C|2F|3A)/g, decodeURIComponent);
}
