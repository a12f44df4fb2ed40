import {
  Checkbox,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Radio,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useTranslation } from "react-i18next";
import { numberField, textField } from "../parts/draft-fields.ts";
import { type FieldProblem, problemAt } from "../parts/field-problem.ts";
import { useBotChoice, useSegmentChoice } from "./publishing-queries.ts";
import { AUTHORISATIONS, SECURITIES, type TargetDraft, type TextField } from "./target-draft.ts";

/** Where the server may find something wrong, and which of these fields says it. */
export const TARGET_FIELDS = [
  "name",
  "settings.credentials",
  "settings.chatId",
  "settings.botId",
  "settings.segmentId",
  "settings.template",
  "settings.host",
  "settings.port",
  "settings.security",
  "settings.from",
  "settings.recipients",
  "settings.unsubscribe",
];

interface FieldsProps {
  readonly draft: TargetDraft;
  readonly problems: readonly FieldProblem[];
  readonly onChange: (draft: TargetDraft) => void;
}

/** What a kind of target needs to be reached. */
export function TargetFields(props: FieldsProps) {
  const { t } = useTranslation();
  const { kind } = props.draft;
  return (
    <Stack gap="sm">
      <Text size="sm" className="soft">
        {t(`publishing.kindHint.${kind}`)}
      </Text>
      {kind === "x" && <X {...props} />}
      {kind === "telegram-channel" && <Telegram {...props} />}
      {kind === "whatsapp-template" && <WhatsApp {...props} />}
      {kind === "email" && <Email {...props} />}
    </Stack>
  );
}

const plain = {
  required: true,
  withAsterisk: false,
  autoComplete: "off",
  spellCheck: false,
} as const;

const X_KEYS = {
  oauth1: ["appKey", "appSecret", "accessToken", "accessSecret"],
  oauth2: ["clientId", "clientSecret", "accessToken", "refreshToken"],
} as const satisfies Readonly<Record<string, readonly TextField[]>>;

function X({ draft, problems, onChange }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Radio.Group
        label={t("publishing.authorisation")}
        value={draft.authorisation}
        onChange={(value) =>
          onChange({
            ...draft,
            authorisation: AUTHORISATIONS.find((each) => each === value) ?? "oauth1",
          })
        }
      >
        <Stack gap={6} mt={6}>
          {AUTHORISATIONS.map((each) => (
            <Radio key={each} value={each} label={t(`publishing.authorisation.${each}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {X_KEYS[draft.authorisation].map((field) => (
          <Secret
            key={field}
            field={field}
            error={problemAt(problems, `settings.credentials.${field}`)}
            isOptional={field === "clientSecret"}
            draft={draft}
            onChange={onChange}
          />
        ))}
      </SimpleGrid>
      <Checkbox
        label={t("publishing.card")}
        checked={draft.card}
        onChange={({ currentTarget }) => onChange({ ...draft, card: currentTarget.checked })}
      />
    </>
  );
}

/** Typed once, and never shown again. */
function Secret({
  field,
  error,
  isOptional = false,
  draft,
  onChange,
}: {
  readonly field: TextField;
  readonly error: string | undefined;
  readonly isOptional?: boolean;
  readonly draft: TargetDraft;
  readonly onChange: (draft: TargetDraft) => void;
}) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      {...plain}
      required={!isOptional}
      label={t(`publishing.field.${field}`)}
      value={draft[field]}
      maxLength={2_000}
      error={error}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ "aria-label": t("publishing.showSecret") }}
      onChange={({ currentTarget }) => onChange({ ...draft, [field]: currentTarget.value })}
    />
  );
}

function BotSelect({
  channel,
  ...props
}: FieldsProps & { readonly channel: "telegram" | "whatsapp-cloud" }) {
  const { t } = useTranslation();
  const bots = useBotChoice();
  const own = (bots.data ?? []).filter((bot) => bot.channel === channel);
  return (
    <NativeSelect
      label={t("publishing.field.botId")}
      description={bots.data !== undefined && own.length === 0 ? t("publishing.noBot") : undefined}
      {...textField(props, "botId", "settings.botId")}
      data={[{ value: "", label: "–" }, ...own.map(({ id, name }) => ({ value: id, label: name }))]}
      required
      withAsterisk={false}
    />
  );
}

function Telegram(props: FieldsProps) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <BotSelect {...props} channel="telegram" />
      <TextInput
        {...plain}
        label={t("publishing.field.chatId")}
        description={t("publishing.chatIdHint")}
        placeholder="-1001234567890"
        {...textField(props, "chatId", "settings.chatId")}
      />
    </SimpleGrid>
  );
}

function WhatsApp(props: FieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange } = props;
  const segments = useSegmentChoice(true);
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <BotSelect {...props} channel="whatsapp-cloud" />
        <NativeSelect
          label={t("publishing.field.segmentId")}
          {...textField(props, "segmentId", "settings.segmentId")}
          data={[
            { value: "", label: "–" },
            ...(segments.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          required
          withAsterisk={false}
        />
        <TextInput
          {...plain}
          label={t("publishing.field.templateName")}
          {...textField(props, "templateName", "settings.template")}
        />
        <TextInput
          {...plain}
          label={t("publishing.field.templateLanguage")}
          value={draft.templateLanguage}
          onChange={({ currentTarget }) =>
            onChange({ ...draft, templateLanguage: currentTarget.value })
          }
        />
      </SimpleGrid>
      <Textarea
        label={t("publishing.field.templateParameters")}
        description={t("publishing.parametersHint")}
        value={draft.templateParameters}
        autosize
        minRows={2}
        onChange={({ currentTarget }) =>
          onChange({ ...draft, templateParameters: currentTarget.value })
        }
      />
    </>
  );
}

function Email(props: FieldsProps) {
  const { t } = useTranslation();
  const { draft, problems, onChange } = props;
  const text = (field: TextField, isOptional = false) => ({
    ...plain,
    required: !isOptional,
    label: t(`publishing.field.${field}`),
    value: draft[field],
    error: problemAt(problems, ["settings", field].join(".")),
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      onChange({ ...draft, [field]: currentTarget.value }),
  });
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <TextInput {...text("host")} placeholder="smtp.example.org" />
        <NumberInput
          label={t("publishing.field.port")}
          {...numberField(props, "port", "settings.port")}
          min={1}
          max={65_535}
          allowDecimal={false}
          thousandSeparator=""
        />
        <NativeSelect
          label={t("publishing.field.security")}
          value={draft.security}
          data={SECURITIES.map((value) => ({ value, label: t(`publishing.security.${value}`) }))}
          error={problemAt(problems, "settings.security")}
          onChange={({ currentTarget: { value } }) =>
            onChange({
              ...draft,
              security: SECURITIES.find((each) => each === value) ?? "starttls",
            })
          }
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <TextInput {...text("userName", true)} />
        <Secret
          field="password"
          isOptional
          error={problemAt(problems, "settings.password")}
          draft={draft}
          onChange={onChange}
        />
        <TextInput {...text("from")} type="email" placeholder="gaceta@example.org" />
        <TextInput {...text("fromName", true)} />
      </SimpleGrid>
      <Textarea
        {...text("recipients")}
        description={t("publishing.recipientsHint")}
        autosize
        minRows={2}
      />
      <TextInput
        {...text("unsubscribe")}
        description={t("publishing.unsubscribeHint")}
        placeholder="mailto:baja@example.org"
      />
    </>
  );
}
