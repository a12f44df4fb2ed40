/**
 * What the measurements ask of a page from inside, in its own clock, so that what the test tool takes for its calls is not
 * counted. Put into every page before its own scripts (`inPage` of in-page.ts calls it).
 */
globalThis.measureInPage = {
  isShown() {
    const isThere = document.querySelector("main :is(h1, section, [role=alert])") !== null;
    return isThere && document.querySelector("main .mantine-Skeleton-root") === null;
  },

  /** Why what stands there is no view, though something is shown; undefined: it may be one. */
  trouble() {
    if (document.querySelector("nav") === null && document.querySelector("#root input") !== null) {
      return "asks who one is";
    }
    const failed = document.querySelector("main [role=alert] h2");
    return failed === null ? undefined : `says "${failed.textContent}"`;
  },

  untilShown({ timeoutMs }) {
    return new Promise((resolve, reject) => {
      const began = performance.now();
      const look = () => {
        const trouble = this.trouble();
        if (trouble !== undefined) reject(new Error(`${location} ${trouble}`));
        else if (this.isShown()) resolve();
        else if (performance.now() - began > timeoutMs) reject(new Error(`Not shown: ${location}`));
        else requestAnimationFrame(look);
      };
      look();
    });
  },

  /** Milliseconds for the same work each time: of several, the quickest. */
  timeWork() {
    const times = Array.from({ length: 5 }, () => {
      const began = performance.now();
      let sum = 0;
      for (let step = 0; step < 20_000_000; step++) sum = (sum + step * 31) % 1_000_003;
      return sum < 0 ? 0 : performance.now() - began;
    });
    return Math.min(...times);
  },

  /** Milliseconds since the navigation began, once the page has nothing to do. */
  untilIdle() {
    return new Promise((resolve) => {
      requestIdleCallback(() => resolve(performance.now()));
    });
  },

  overflowPx() {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  },

  /** Milliseconds from the click on a link of the navigation until its view shows what it has; null: one is there. */
  timeClick({ href, timeoutMs }) {
    return new Promise((resolve, reject) => {
      const link = document.querySelector(`nav a[href="${href}"]`);
      // Each view names the page's tab.
      const before = document.title;
      // The router leaves out the last slash.
      const isAt = () => location.pathname.replace(/\/$/, "") === href.replace(/\/$/, "");
      if (link === null || isAt()) {
        resolve(null);
        return;
      }
      const began = performance.now();
      const look = () => {
        const tookMs = performance.now() - began;
        const isOther = isAt() && document.title !== before;
        const trouble = isOther ? this.trouble() : undefined;
        if (trouble !== undefined) reject(new Error(`${href} ${trouble}`));
        else if (isOther && this.isShown()) resolve(tookMs);
        else if (tookMs > timeoutMs) reject(new Error(`Not shown: ${href}`));
        else requestAnimationFrame(look);
      };
      link.click();
      requestAnimationFrame(look);
    });
  },

  /**
   * Scrolls the first list until so many pixels lie above, or nothing more comes for `idleMs`; milliseconds of each
   * frame, and where it came.
   */
  scrollList({ wantedPx, stepPx, idleMs, timeoutMs }) {
    return new Promise((resolve) => {
      const list = document.querySelector("main ul")?.parentElement;
      const frames = [];
      const began = performance.now();
      let before = began;
      let farthest = -1;
      let movedAt = began;
      const frame = (now) => {
        frames.push(now - before);
        before = now;
        const top = list?.scrollTop ?? 0;
        if (top > farthest) {
          farthest = top;
          movedAt = now;
        }
        const isOver = now - began > timeoutMs || now - movedAt > idleMs;
        if (!list || top >= wantedPx || isOver) {
          resolve({ frames: frames.slice(2), topPx: top });
          return;
        }
        list.scrollTop = top + stepPx;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
  },

  /** After two frames: whether something set `ran`, which addresses of strangers stand in the page, and their elements. */
  findDeeds({ ran, outside }) {
    return new Promise((resolve) => {
      const find = () => {
        const links = [...document.querySelectorAll("[href], [src], [action]")]
          .flatMap((element) =>
            ["href", "src", "action"].map((name) => element.getAttribute(name) ?? ""),
          )
          .filter((link) => /^\s*(javascript|data:text)/i.test(link) || link.includes(outside));
        const elements = document.querySelectorAll("[onerror], [onload], marquee, math, base");
        resolve({ hasRun: ran in globalThis, links, elements: elements.length });
      };
      requestAnimationFrame(() => requestAnimationFrame(find));
    });
  },
};
