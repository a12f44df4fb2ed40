import {
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useTranslation } from "react-i18next";
import { numberField, textField } from "../parts/draft-fields.ts";
import { type FieldProblem, problemAt } from "../parts/field-problem.ts";
import { fillAddress, unknownPlaces } from "./address.ts";
import { dayAfter, todayIn } from "./calendar-grid.ts";
import classes from "./gazettes.module.css";
import { KINDS, type SettingsDraft, WEEKDAYS, withOwnHosts } from "./settings-draft.ts";
import { useGazetteTimes } from "./words.ts";

/** What the server may find wrong, and which of these fields says it. */
export const SETTINGS_FIELDS = [
  "settings.locator.url",
  "settings.locator.selector",
  "settings.locator.links",
  "settings.locator.firstNumber",
  "settings.locator.maxMisses",
  "settings.locator.path",
  "settings.locator.names",
  "settings.hosts",
  "settings.weekdays",
  "settings.expectedAt",
  "settings.holidays",
  "settings.lateAfterMinutes",
  "settings.missingAfterMinutes",
  "settings.lookEveryMinutes",
  "settings.pauseSeconds",
  "settings.recheckDays",
];

interface FieldsProps {
  readonly draft: SettingsDraft;
  readonly problems: readonly FieldProblem[];
  readonly timeZone: string;
  readonly onChange: (draft: SettingsDraft) => void;
}

/** How the editions of a source are found, on which days, and with what patience. */
export function SourceFields(props: FieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange } = props;
  return (
    <Stack gap="lg">
      <Fieldset legend={t("gazettes.where")}>
        <Stack gap="sm">
          <NativeSelect
            label={t("gazettes.how")}
            value={draft.kind}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...draft, kind: KINDS.find((kind) => kind === value) ?? "address" })
            }
            data={KINDS.map((value) => ({ value, label: t(`gazettes.kind.${value}`) }))}
          />
          <Text size="sm" className="soft">
            {t(`gazettes.kindHint.${draft.kind}`)}
          </Text>
          {draft.kind === "folder" && <Folder {...props} />}
          {draft.kind !== "upload" && draft.kind !== "folder" && <Addresses {...props} />}
        </Stack>
      </Fieldset>
      <Fieldset legend={t("gazettes.when")}>
        <Days {...props} />
      </Fieldset>
      <Fieldset legend={t("gazettes.patience")}>
        <Patience {...props} />
      </Fieldset>
    </Stack>
  );
}

function Addresses(props: FieldsProps) {
  const { draft, timeZone, onChange } = props;
  const { t } = useTranslation();
  const allowOwnHosts = () => onChange(withOwnHosts(draft));
  return (
    <>
      <TextInput
        label={t(draft.kind === "listing" ? "gazettes.listingUrl" : "gazettes.url")}
        description={t("gazettes.urlHint")}
        placeholder="https://www.example.org/{yyyy}/{MM}/{dd}.pdf"
        {...textField(props, "url", "settings.locator.url")}
        onBlur={allowOwnHosts}
        required
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
      />
      <AddressPreview draft={draft} timeZone={timeZone} />
      {draft.kind === "numbered" && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <NumberInput
            label={t("gazettes.firstNumber")}
            description={t("gazettes.firstNumberHint")}
            {...numberField(props, "firstNumber", "settings.locator.firstNumber")}
            min={1}
            allowDecimal={false}
          />
          <NumberInput
            label={t("gazettes.maxMisses")}
            description={t("gazettes.maxMissesHint")}
            {...numberField(props, "maxMisses", "settings.locator.maxMisses")}
            min={1}
            max={20}
            allowDecimal={false}
          />
        </SimpleGrid>
      )}
      {draft.kind === "listing" && (
        <>
          <TextInput
            label={t("gazettes.selector")}
            description={t("gazettes.selectorHint")}
            placeholder="ul.ediciones a"
            {...textField(props, "selector", "settings.locator.selector")}
            autoComplete="off"
            spellCheck={false}
          />
          <Textarea
            label={t("gazettes.links")}
            description={t("gazettes.linksHint")}
            placeholder="https://www.example.org/pdfs/{yyyy}/{MM}/{dd}/*.pdf"
            {...textField(props, "links", "settings.locator.links")}
            onBlur={allowOwnHosts}
            required
            withAsterisk={false}
            autosize
            minRows={2}
            spellCheck={false}
          />
          <Checkbox
            label={t("gazettes.usesBrowser")}
            description={t("gazettes.usesBrowserHint")}
            checked={draft.usesBrowser}
            onChange={({ currentTarget }) =>
              onChange({ ...draft, usesBrowser: currentTarget.checked })
            }
          />
        </>
      )}
      <Textarea
        label={t("gazettes.hosts")}
        description={t("gazettes.hostsHint")}
        placeholder="www.example.org"
        {...textField(props, "hosts", "settings.hosts")}
        autosize
        minRows={1}
        spellCheck={false}
      />
    </>
  );
}

/** Files that somebody puts into a folder of the operator's. */
function Folder(props: FieldsProps) {
  const { t } = useTranslation();
  const field = { required: true, withAsterisk: false, spellCheck: false } as const;
  return (
    <>
      <TextInput
        {...field}
        label={t("gazettes.path")}
        description={t("gazettes.pathHint")}
        placeholder="gacetas/cr"
        {...textField(props, "path", "settings.locator.path")}
      />
      <TextInput
        {...field}
        label={t("gazettes.names")}
        description={t("gazettes.namesHint")}
        placeholder="gaceta-{yyyy}-{MM}-{dd}*.pdf"
        {...textField(props, "names", "settings.locator.names")}
      />
    </>
  );
}

/** The address that will be asked tomorrow, as it is typed. */
function AddressPreview({
  draft: { kind, url, firstNumber },
  timeZone,
}: {
  readonly draft: SettingsDraft;
  readonly timeZone: string;
}) {
  const { t } = useTranslation();
  const times = useGazetteTimes(timeZone);
  const tomorrow = dayAfter(todayIn(timeZone, Date.now()));
  const isNumbered = kind === "numbered";
  const [unknown] = unknownPlaces(url, isNumbered ? ["n"] : []);
  if (url.trim() === "") return null;
  const filled = fillAddress(url, tomorrow);
  return (
    <Text size="sm" component="div" className={classes.preview} role="status">
      <Text size="xs" className="soft" component="div">
        {unknown === undefined
          ? t("gazettes.tomorrow", { day: times.spoken(tomorrow) })
          : t("gazettes.unknownPlace", { place: `{${unknown}}` })}
      </Text>
      {isNumbered ? filled.replaceAll("{n}", String(firstNumber)) : filled}
    </Text>
  );
}

function Days(props: FieldsProps) {
  const { draft, problems, timeZone, onChange } = props;
  const { t } = useTranslation();
  const times = useGazetteTimes(timeZone);
  return (
    <Stack gap="sm">
      <Checkbox.Group
        label={t("gazettes.weekdays")}
        value={draft.weekdays.map(String)}
        error={problemAt(problems, "settings.weekdays")}
        onChange={(values) =>
          onChange({
            ...draft,
            weekdays: WEEKDAYS.filter((day) => values.includes(String(day))),
          })
        }
      >
        <Group gap="md" mt={6}>
          {WEEKDAYS.map((day) => (
            <Checkbox key={day} value={String(day)} label={times.weekday(day)} />
          ))}
        </Group>
      </Checkbox.Group>
      <TextInput
        type="time"
        label={t("gazettes.expectedAt")}
        description={t("gazettes.expectedAtHint", { zone: timeZone })}
        {...textField(props, "expectedAt", "settings.expectedAt")}
        required
        withAsterisk={false}
        maw={260}
      />
      <Textarea
        label={t("gazettes.holidays")}
        description={t("gazettes.holidaysHint")}
        placeholder={"12-25\neaster-2"}
        {...textField(props, "holidays", "settings.holidays")}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
      />
    </Stack>
  );
}

/** With the bounds of the contract (`src/http/sources/contract.ts`). */
const NUMBERS = [
  { name: "lateAfterMinutes", field: "settings.lateAfterMinutes", min: 1, max: 20_160 },
  { name: "missingAfterMinutes", field: "settings.missingAfterMinutes", min: 1, max: 43_200 },
  { name: "lookEveryMinutes", field: "settings.lookEveryMinutes", min: 1, max: 1_440 },
  { name: "pauseSeconds", field: "settings.pauseSeconds", min: 0.5, max: 600 },
  { name: "recheckDays", field: "settings.recheckDays", min: 0, max: 30 },
] as const;

function Patience({ draft, problems, onChange }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {NUMBERS.map(({ name, field, min, max }) => (
          <NumberInput
            key={name}
            label={t(`gazettes.number.${name}`)}
            description={t(`gazettes.numberHint.${name}`)}
            value={draft[name]}
            min={min}
            max={max}
            allowDecimal={name === "pauseSeconds"}
            error={problemAt(problems, field)}
            onChange={(value) => onChange({ ...draft, [name]: value })}
            required
            withAsterisk={false}
          />
        ))}
      </SimpleGrid>
      <Checkbox
        label={t("gazettes.checksDate")}
        description={t("gazettes.checksDateHint")}
        checked={draft.checksDate}
        onChange={({ currentTarget }) => onChange({ ...draft, checksDate: currentTarget.checked })}
      />
    </Stack>
  );
}
