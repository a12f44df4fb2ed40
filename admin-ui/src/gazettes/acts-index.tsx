import { Button, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./gazettes.module.css";
import type { EditionReading } from "./queries.ts";
import sheet from "./reading.module.css";

/** More are found by what one types, or shown when asked for. */
const SHOWN_FIRST = 100;

/** Every act, with the page on which it begins. */
export function ActsIndex({
  edition: { acts, source },
  page,
  onPage,
}: {
  readonly edition: EditionReading;
  readonly page: number;
  readonly onPage: (page: number) => void;
}) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState("");
  const [most, setMost] = useState(SHOWN_FIRST);
  const words = plain(wanted);
  const found = acts
    .map((act, at) => ({ ...act, key: `act-${at}` }))
    .filter(({ title, issuingBody, section }) =>
      plain(`${title} ${issuingBody} ${section}`).includes(words),
    );
  return (
    <>
      <TextInput
        type="search"
        aria-label={t("gazettes.searchActs")}
        placeholder={t("gazettes.searchActs")}
        value={wanted}
        onChange={({ currentTarget }) => setWanted(currentTarget.value)}
        mb="xs"
      />
      {found.length === 0 && (
        <Text size="sm" className="soft">
          {t("gazettes.noActs")}
        </Text>
      )}
      <ol className={classes.plain} lang={source.language}>
        {found.slice(0, most).map(({ key, title, issuingBody, section, page: first, lastPage }) => (
          <li key={key}>
            <button
              type="button"
              className={sheet.act}
              aria-current={first <= page && page <= lastPage}
              onClick={() => onPage(first)}
            >
              <span className={sheet.actPage}>{first}</span>
              <span style={{ minWidth: 0, overflowWrap: "anywhere" }}>
                {title === "" ? t("gazettes.untitled") : title}
                <Text size="xs" className="soft" component="span" display="block">
                  {[section, issuingBody].filter((part) => part !== "").join(" · ")}
                </Text>
              </span>
            </button>
          </li>
        ))}
      </ol>
      {found.length > most && (
        <Button variant="subtle" size="compact-sm" onClick={() => setMost(found.length)}>
          {t("gazettes.showAll", { count: found.length })}
        </Button>
      )}
    </>
  );
}

/** Without accents and capitals: whoever searches writes as it comes. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
