import { useTranslation } from "react-i18next";
import { DrawnImage } from "../parts/drawn-image.tsx";
import classes from "./gazettes.module.css";
import { type Edition, type Source, useScreenshot } from "./queries.ts";

/** How the site looked when it was laid out otherwise than the settings say. */
export function Screenshot({
  source,
  edition,
}: {
  readonly source: Source;
  readonly edition: Edition;
}) {
  const { t } = useTranslation();
  const isKept = edition.tries.some(({ evidence }) => evidence?.hasScreenshot === true);
  const isWanted = isKept && edition.state === "needs-attention";
  const image = useScreenshot(source.id, edition.date, isWanted);
  if (!isWanted || image.data === undefined) return null;
  return (
    <DrawnImage
      image={image.data}
      label={t("gazettes.screenshot")}
      className={classes.screenshot}
    />
  );
}
