import "./nonce.ts";
import "@mantine/core/styles.css";
import "./app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { startI18n } from "./i18n/i18n.ts";
import { beginFirstLoad } from "./shell/first-load.ts";

const words = startI18n();
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no place for the application.");
void beginFirstLoad();
await words;
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
