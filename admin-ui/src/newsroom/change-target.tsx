import { Button, Group, Modal, Stack, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemsOf, Refused } from "../gazettes/refused.tsx";
import { problemAt } from "../parts/field-problem.ts";
import { tellDone } from "../parts/tell.ts";
import { PromptChoice } from "./prompt-choice.tsx";
import { type Target, useTargetActions } from "./publishing-queries.ts";
import { draftOfTarget, settingsOfTarget } from "./target-draft.ts";
import { TARGET_FIELDS, TargetFields } from "./target-fields.tsx";

/** Name, prompts, and how it is reached: that last one as a whole, secrets included, for nobody can read them. */
export default function ChangeTarget({
  target,
  onClose,
}: {
  readonly target: Target;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState(target.name);
  const [prompts, setPrompts] = useState(target.prompts);
  const [draft, setDraft] = useState(() => draftOfTarget(target));
  const hasSettings = target.kind !== "edition-page" && target.kind !== "webhook";
  const [changesSettings, setChangesSettings] = useState(
    hasSettings && target.state === "needs-attention",
  );
  const { change } = useTargetActions(target);
  const problems = problemsOf(change.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate(
      {
        name: name.trim(),
        prompts: [...prompts],
        ...(changesSettings && { settings: settingsOfTarget(draft) }),
      },
      {
        onSuccess: () => {
          tellDone(t("publishing.changed"));
          onClose();
        },
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("publishing.changeOf", { name: target.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Refused error={change.error} problems={problems} fields={TARGET_FIELDS} />
          <TextInput
            label={t("publishing.field.name")}
            value={name}
            maxLength={100}
            required
            withAsterisk={false}
            autoComplete="off"
            error={problemAt(problems, "name")}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <PromptChoice chosen={prompts} onChange={setPrompts} />
          {hasSettings && (
            <Switch
              label={t("publishing.changeSettings")}
              checked={changesSettings}
              onChange={({ currentTarget }) => setChangesSettings(currentTarget.checked)}
            />
          )}
          {changesSettings && (
            <TargetFields draft={draft} problems={problems} onChange={setDraft} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={change.isPending}>
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
