import {
  Button,
  Group,
  Modal,
  NativeSelect,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { textOf } from "../parts/form-dialog.tsx";
import { keyOf, type NewsTemplate, useSetNewsTemplate } from "./news-template-queries.ts";
import { Refusal } from "./refusal.tsx";

const KINDS = ["alert", "digest"] as const;
/** As the API's example has them; what else may stand there is told below the field. */
const USUAL = ["{count}", "{source}", "{date}", "{summary}", "{link}"];
/** As `NEWS_PLACES` of the server has them. */
const PLACES = ["{count}", "{source}", "{date}", "{title}", "{summary}", "{reason}", "{link}"];
const plain = {
  required: true,
  withAsterisk: false,
  autoComplete: "off",
  spellCheck: false,
} as const;

/** A template as Meta approved it, and what stands in its places. */
export default function NewsTemplateDialog({
  former,
  taken,
  onClose,
}: {
  /** Undefined: a further one. */
  readonly former: NewsTemplate | undefined;
  readonly taken: readonly string[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const set = useSetNewsTemplate(onClose);
  const [wrong, setWrong] = useState<"taken" | { readonly place: string }>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = read(new FormData(event.currentTarget));
    const isOther = former === undefined || keyOf(former) !== keyOf(wanted);
    const place = unknownPlace(wanted);
    const found =
      taken.includes(keyOf(wanted)) && isOther
        ? "taken"
        : place === undefined
          ? undefined
          : { place };
    setWrong(found);
    if (found === undefined) set.mutate({ former, wanted });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={former === undefined ? t("publishing.addTemplate") : former.name}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <NativeSelect
              name="kind"
              label={t("publishing.templateOf")}
              defaultValue={former?.kind}
              data={KINDS.map((value) => ({ value, label: t(`publishing.templateKind.${value}`) }))}
            />
            <TextInput
              {...plain}
              name="language"
              label={t("publishing.field.templateLanguage")}
              defaultValue={former?.language ?? "es"}
              pattern="[a-z]{2,3}(_[A-Z]{2})?"
              title={t("publishing.templateLanguageRule")}
              error={wrong === "taken" && t("publishing.templateTaken")}
            />
          </SimpleGrid>
          <TextInput
            {...plain}
            name="name"
            label={t("publishing.field.templateName")}
            defaultValue={former?.name}
            maxLength={512}
            pattern="[a-z0-9_]+"
            title={t("publishing.templateNameRule")}
          />
          <Textarea
            name="parameters"
            label={t("publishing.field.templateParameters")}
            description={t("publishing.templatePlaces")}
            error={typeof wrong === "object" && t("publishing.templatePlaceUnknown", wrong)}
            defaultValue={(former?.parameters ?? USUAL).join("\n")}
            autosize
            minRows={3}
          />
          <Refusal error={set.error} />
          <Group justify="flex-end">
            {former !== undefined && (
              <Button
                variant="subtle"
                color="red"
                mr="auto"
                disabled={set.isPending}
                onClick={() => set.mutate({ former, wanted: undefined })}
              >
                {t("publishing.remove")}
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={set.isPending}>
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function unknownPlace({ parameters }: NewsTemplate): string | undefined {
  const places = parameters.flatMap((parameter) => parameter.match(/\{[^{}]*\}/g) ?? []);
  return places.find((place) => !PLACES.includes(place));
}

function read(form: FormData): NewsTemplate {
  const lines = textOf(form, "parameters").split("\n");
  return {
    kind: KINDS.find((each) => each === textOf(form, "kind")) ?? "alert",
    language: textOf(form, "language"),
    name: textOf(form, "name"),
    parameters: lines.map((line) => line.trim()).filter((line) => line !== ""),
  };
}
