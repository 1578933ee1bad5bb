/** Works on the dashboard: `npm run dashboard`, beside a node (`npm start`) or with the address of one after `--`. */
import { serveSite } from "./site.ts";

await serveSite(process.argv[2] ?? "http://127.0.0.1:8642");
