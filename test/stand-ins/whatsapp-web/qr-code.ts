import encodeQr from "qr";

/** The code's points row by row, "1" for dark; corrected enough for the logo that lies on it. */
export function toQrModules(text: string): { readonly size: number; readonly modules: string } {
  const rows = encodeQr(text, "raw", { ecc: "medium", border: 2 });
  const modules = rows.flatMap((row) => row.map((isDark) => (isDark ? "1" : "0"))).join("");
  return { size: rows.length, modules };
}
