import { inspect } from "node:util";

/** A value that must not reach a log, an error or a JSON document. Only `reveal` gives it away. */
export interface Secret<Value = string> {
  reveal(): Value;
}

/** Printing, interpolating or serialising the result shows `[secret]`. */
export function secret<Value>(value: Value): Secret<Value> {
  const hidden = () => "[secret]";
  return Object.freeze({
    reveal: () => value,
    toString: hidden,
    toJSON: hidden,
    [inspect.custom]: hidden,
  });
}
