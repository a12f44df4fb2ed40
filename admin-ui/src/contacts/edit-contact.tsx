import { Button, Group, NativeSelect, Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, LANGUAGES } from "../i18n/i18n.ts";
import { tellDone } from "../parts/tell.ts";
import { Card } from "./contact-cards.tsx";
import { type ContactChange, type ContactDetail, useContactActions } from "./queries.ts";

const MAX_TAGS = 20;

/** What staff know of the person, and may change. */
export function EditContact({
  contact,
  etag,
  mayChange,
}: {
  readonly contact: ContactDetail;
  readonly etag: string;
  readonly mayChange: boolean;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState(contact.name ?? "");
  const [language, setLanguage] = useState(contact.language);
  const [tags, setTags] = useState<readonly string[]>(contact.tags);
  const [fields, setFields] = useState(contact.fields);
  const [isAllowed, setAllowed] = useState(contact.isAllowed);
  const { change } = useContactActions(contact.id);
  const said = { name, language, tags, fields, isAllowed };
  const { name: before, ...rest } = contact;
  const isChanged = Object.entries(said).some(
    ([key, value]) =>
      JSON.stringify(value) !== JSON.stringify({ ...rest, name: before ?? "" }[key as "name"]),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted: ContactChange = {
      name: name.trim() === "" ? null : name.trim(),
      language,
      tags: [...tags],
      fields,
      isAllowed,
    };
    change.mutate({ change: wanted, etag }, { onSuccess: () => tellDone(t("contacts.saved")) });
  };
  return (
    <Card title={t("contacts.about")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t("contacts.name")}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={200}
            readOnly={!mayChange}
          />
          <NativeSelect
            label={t("contacts.language")}
            data={[
              { value: "", label: t("contacts.anyLanguage") },
              ...LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
            ]}
            value={language ?? ""}
            onChange={({ currentTarget: { value } }) =>
              setLanguage(LANGUAGES.find((each) => each === value) ?? null)
            }
            disabled={!mayChange}
          />
          <TagsInput
            label={t("contacts.tags")}
            value={[...tags]}
            onChange={setTags}
            maxTags={MAX_TAGS}
            readOnly={!mayChange}
            placeholder={tags.length === 0 ? t("contacts.addTag") : ""}
          />
          {Object.entries(fields).map(([field, value]) => (
            <TextInput
              key={field}
              label={field}
              value={value}
              onChange={({ currentTarget }) =>
                setFields({ ...fields, [field]: currentTarget.value })
              }
              maxLength={1000}
              readOnly={!mayChange}
            />
          ))}
          <Switch
            label={t("contacts.allowed")}
            description={t("contacts.allowedHint")}
            checked={isAllowed}
            onChange={({ currentTarget }) => setAllowed(currentTarget.checked)}
            disabled={!mayChange}
          />
          {mayChange && (
            <Group justify="flex-end">
              <Button type="submit" size="sm" disabled={!isChanged} loading={change.isPending}>
                {t("contacts.save")}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Card>
  );
}
