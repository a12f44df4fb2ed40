import "./nonce.ts";
import "@mantine/core/styles.css";
import "./app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { startI18n } from "./i18n/i18n.ts";
import { beginFirstLoad } from "./shell/first-load.ts";

/** A slow network sees so soon that something is on its way. */
const DRAWN_WITHIN_MS = 400;

/**
 * Draws once, with who is signed in and their view, where these come in a moment: on a slow processor each drawing
 * before it costs as long again. Not awaited by this module: the code of the view is of those that wait for it.
 */
async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (root === null) throw new Error("The page has no place for the application.");
  const words = startI18n();
  const isLoaded = beginFirstLoad();
  await words;
  await Promise.race([isLoaded, new Promise((resolve) => setTimeout(resolve, DRAWN_WITHIN_MS))]);
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void start();
