import { Button, Group, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { textOf } from "../parts/form-dialog.tsx";
import { type AuditFilter, readAuditFilter, TEXT_FIELDS } from "./filter.ts";

/** Who, what, about what, in which request, when; each as it stands in an entry. */
export function AuditSearch({
  filter,
  onShow,
}: {
  readonly filter: AuditFilter;
  readonly onShow: (filter: AuditFilter) => void;
}) {
  const { t } = useTranslation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = [...TEXT_FIELDS, "from", "until"].map((name) => [name, textOf(form, name)]);
    onShow(readAuditFilter(Object.fromEntries(given)));
  };
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <form onSubmit={submit} aria-label={t("audit.search")}>
      <Group gap="sm" align="flex-end">
        {TEXT_FIELDS.map((name) => (
          <TextInput
            key={name}
            name={name}
            label={t(`audit.field.${name}`)}
            defaultValue={filter[name] ?? ""}
            maxLength={200}
            autoComplete="off"
            flex="1 1 150px"
          />
        ))}
        <TextInput
          flex="1 1 150px"
          name="from"
          type="date"
          label={t("audit.from")}
          defaultValue={filter.from ?? ""}
        />
        <TextInput
          flex="1 1 150px"
          name="until"
          type="date"
          label={t("audit.until")}
          defaultValue={filter.until ?? ""}
        />
        <Button type="submit">{t("audit.search")}</Button>
        {isFiltered && (
          <Button variant="default" onClick={() => onShow({})}>
            {t("audit.all")}
          </Button>
        )}
      </Group>
    </form>
  );
}
