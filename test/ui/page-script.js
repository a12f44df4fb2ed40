/**
 * What the measurements ask of a page from inside, in its own clock, so that what the test tool takes for its calls is not
 * counted. Put into every page before its own scripts (`inPage` of in-page.ts calls it).
 */
globalThis.measureInPage = {
  isShown() {
    const isThere = document.querySelector("main :is(h1, section, [role=alert])") !== null;
    return isThere && document.querySelector("main .mantine-Skeleton-root") === null;
  },

  untilShown({ timeoutMs }) {
    return new Promise((resolve, reject) => {
      const began = performance.now();
      const look = () => {
        if (this.isShown()) resolve();
        else if (performance.now() - began > timeoutMs) reject(new Error(`Not shown: ${location}`));
        else requestAnimationFrame(look);
      };
      look();
    });
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
  timeClick({ href }) {
    return new Promise((resolve) => {
      const link = document.querySelector(`nav a[href="${href}"]`);
      // Each view names the page's tab.
      const before = document.title;
      if (link === null || location.pathname === href) {
        resolve(null);
        return;
      }
      const began = performance.now();
      const look = () => {
        const isOther = location.pathname === href && document.title !== before;
        if (isOther && this.isShown()) resolve(performance.now() - began);
        else requestAnimationFrame(look);
      };
      link.click();
      requestAnimationFrame(look);
    });
  },

  /** Scrolls the first list until so many pixels lie above; milliseconds of each frame, and where it came. */
  scrollList({ wantedPx, stepPx, timeoutMs }) {
    return new Promise((resolve) => {
      const list = document.querySelector("main ul")?.parentElement;
      const frames = [];
      const began = performance.now();
      let before = began;
      const frame = (now) => {
        frames.push(now - before);
        before = now;
        const top = list?.scrollTop ?? 0;
        if (!list || top >= wantedPx || now - began > timeoutMs) {
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
