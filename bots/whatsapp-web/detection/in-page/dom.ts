/**
 * The part of the DOM that the in-page functions use. They run in the page, not in Node: the project is compiled
 * without the browser's types, so that nothing else can reach for `document`.
 */
export interface DomNode {
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<DomNode>;
}

export interface DomRect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface DomElement extends DomNode {
  readonly tagName: string;
  readonly outerHTML: string;
  readonly children: ArrayLike<DomElement>;
  readonly parentElement: DomElement | null;
  readonly clientHeight: number;
  readonly scrollHeight: number;
  scrollTop: number;
  getAttribute(name: string): string | null;
  matches(selector: string): boolean;
  closest(selector: string): DomElement | null;
  contains(other: DomNode | null): boolean;
  querySelector(selector: string): DomElement | null;
  querySelectorAll(selector: string): ArrayLike<DomElement>;
  getBoundingClientRect(): DomRect;
  scrollIntoView(options: { readonly block: "center" | "nearest" }): void;
  dispatchEvent(event: object): boolean;
}

export interface DomDocument {
  readonly documentElement: DomElement & { readonly lang: string };
  readonly body: DomElement | null;
  readonly visibilityState: string;
  querySelector(selector: string): DomElement | null;
  querySelectorAll(selector: string): ArrayLike<DomElement>;
}

export interface DomStyle {
  readonly fill: string;
  readonly color: string;
  readonly backgroundColor: string;
  readonly direction: string;
}

export interface DomMutation {
  readonly target: DomNode & { readonly parentElement: DomElement | null };
}

export interface DomObserver {
  observe(target: object, options: Readonly<Record<string, unknown>>): void;
  disconnect(): void;
}
