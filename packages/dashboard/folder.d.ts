/** A folder with the built pages, `index.html` among them; there is none before the package was built. */
export declare const folder: string;
