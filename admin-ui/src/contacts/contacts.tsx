import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "../parts/page.tsx";
import { Empty, LoadingRows } from "../parts/states.tsx";
import { ContactList } from "./contact-list.tsx";
import classes from "./contacts.module.css";
import { ContactsHead } from "./contacts-head.tsx";
import { useContacts } from "./queries.ts";

const ContactPane = lazy(() => import("./contact-pane.tsx"));
const ImportDialog = lazy(() => import("./import-dialog.tsx"));
const ExportDialog = lazy(() => import("./export-dialog.tsx"));

const IGNORED_IN = ["INPUT", "TEXTAREA", "SELECT"];

/** Who the bots talk to: the list, and beside it whoever is chosen. On a phone one at a time. */
export function Contacts() {
  const { t } = useTranslation();
  useTitle(t("nav.contacts"));
  const { contactId } = useParams({ strict: false });
  const filter = useSearch({ from: "/contacts" });
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const [isImporting, importing] = useDisclosure();
  const [isExporting, exporting] = useDisclosure();
  const search = useRef<HTMLInputElement>(null);
  const list = useContacts(filter, words);
  const entries = list.data?.pages.flatMap(({ contacts }) => contacts) ?? [];

  const go = (step: 1 | -1) => {
    const at = entries.findIndex(({ id }) => id === contactId);
    const next = entries[at === -1 ? 0 : at + step];
    if (next === undefined) return;
    const params = { contactId: next.id };
    void navigate({ to: "/contacts/$contactId", params, search: filter });
  };
  useHotkeys(
    [
      ["j", () => go(1)],
      ["k", () => go(-1)],
      ["/", () => search.current?.focus()],
    ],
    IGNORED_IN,
  );

  return (
    <div className={classes.contacts} data-open={contactId !== undefined}>
      <section className={classes.list} aria-label={t("contacts.list")}>
        <ContactsHead
          search={search}
          filter={filter}
          onWords={setWords}
          onImport={importing.open}
          onExport={exporting.open}
        />
        <ContactList
          list={list}
          entries={entries}
          filter={filter}
          isSearched={words !== ""}
          selected={contactId}
        />
      </section>
      <section className={classes.profile} aria-label={t("contacts.profile")}>
        {contactId === undefined ? (
          <Empty icon="contacts" title={t("contacts.nothingOpen")}>
            {t("contacts.nothingOpenHint")}
          </Empty>
        ) : (
          <Suspense fallback={<LoadingRows />}>
            <ContactPane key={contactId} contactId={contactId} filter={filter} />
          </Suspense>
        )}
      </section>
      <Suspense fallback={null}>
        {isImporting && <ImportDialog onClose={importing.close} />}
        {isExporting && <ExportDialog filter={filter} onClose={exporting.close} />}
      </Suspense>
    </div>
  );
}
