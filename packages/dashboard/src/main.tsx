/** Where the page begins. */
import "./ui/tokens.css";
import "./ui/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { config } from "zod";
import { App } from "./app/App.tsx";
import { beginTheme } from "./ui/theme.ts";

// The page's policy allows no code made at run time, and even the attempt is reported.
config({ jitless: true });
beginTheme();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
