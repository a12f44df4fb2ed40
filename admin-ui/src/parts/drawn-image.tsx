import { useEffect, useRef } from "react";

/**
 * A picture that was fetched as whoever is signed in. It is drawn on a canvas: the page of the interface shows no
 * pictures but its own files.
 */
export function DrawnImage({
  image,
  label,
  className,
}: {
  /** Undefined: it is on its way. */
  readonly image: Blob | undefined;
  readonly label: string;
  readonly className?: string | undefined;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isGone = false;
    if (image !== undefined) {
      void createImageBitmap(image).then((bitmap) => {
        const sheet = canvas.current;
        if (!isGone && sheet !== null) {
          sheet.width = bitmap.width;
          sheet.height = bitmap.height;
          sheet.getContext("2d")?.drawImage(bitmap, 0, 0);
          sheet.dataset.drawn = "true";
        }
        bitmap.close();
      });
    }
    return () => {
      isGone = true;
    };
  }, [image]);
  return <canvas ref={canvas} role="img" aria-label={label} className={className} />;
}
