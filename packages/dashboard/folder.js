/** Where the built pages lie: what a node is told to serve. */
import { fileURLToPath } from "node:url";

/** A folder with `index.html`; there is none before the package was built. */
export const folder = fileURLToPath(new URL("dist/site", import.meta.url));
