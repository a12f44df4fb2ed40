import { useEffect, useRef } from "react";

/** On a canvas: the secret becomes no address that a cache or a history keeps. */
export function QrCode({ png, label }: { readonly png: string; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
    void createImageBitmap(new Blob([bytes], { type: "image/png" })).then((image) => {
      if (canvas.current === null) return;
      canvas.current.width = image.width;
      canvas.current.height = image.height;
      canvas.current.getContext("2d")?.drawImage(image, 0, 0);
    });
  }, [png]);
  return <canvas ref={canvas} role="img" aria-label={label} style={{ maxWidth: "100%" }} />;
}
