import { Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { COLOUR, type Looks, linesOf, MOST_QUESTIONS } from "./looks.ts";
import { shadesOf } from "./shades.ts";
import classes from "./web-chat.module.css";

/** What the picker shows where no colour was chosen: ours. */
const OURS = "#9b2c1f";

export function LooksFields({
  looks,
  onChange,
}: {
  readonly looks: Looks;
  readonly onChange: (patch: Partial<Looks>) => void;
}) {
  const { t } = useTranslation();
  const hasTooMany = linesOf(looks.questions).length > MOST_QUESTIONS;
  return (
    <Stack>
      <TextInput
        label={t("webChat.name")}
        description={t("webChat.nameHint")}
        value={looks.name}
        maxLength={100}
        required
        withAsterisk={false}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <ColourField colour={looks.colour} onChange={(colour) => onChange({ colour })} />
      <TextInput
        label={t("webChat.greeting")}
        description={t("webChat.greetingHint")}
        value={looks.greeting}
        maxLength={300}
        onChange={(event) => onChange({ greeting: event.currentTarget.value })}
      />
      <Textarea
        label={t("webChat.questions")}
        description={t("webChat.questionsHint")}
        value={looks.questions}
        autosize
        minRows={3}
        error={hasTooMany && t("webChat.tooMany")}
        onChange={(event) => onChange({ questions: event.currentTarget.value })}
      />
      <Textarea
        label={t("webChat.origins")}
        description={t("webChat.originsHint")}
        value={looks.allowedOrigins}
        autosize
        minRows={2}
        onChange={(event) => onChange({ allowedOrigins: event.currentTarget.value })}
      />
    </Stack>
  );
}

function ColourField({
  colour,
  onChange,
}: {
  readonly colour: string;
  readonly onChange: (colour: string) => void;
}) {
  const { t } = useTranslation();
  const isColour = COLOUR.test(colour);
  const light = isColour ? shadesOf(colour, "light").accent : undefined;
  const dark = isColour ? shadesOf(colour, "dark").accent : undefined;
  const isCorrected = light !== undefined && light !== colour.toLowerCase();
  return (
    <div>
      <TextInput
        label={t("webChat.colour")}
        description={t("webChat.colourHint")}
        value={colour}
        maxLength={7}
        error={colour !== "" && !isColour && t("webChat.wrongColour")}
        onChange={(event) => onChange(event.currentTarget.value.trim())}
        leftSection={
          <input
            type="color"
            className={classes.picker}
            aria-label={t("webChat.pick")}
            value={isColour ? colour : OURS}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        }
        leftSectionPointerEvents="all"
      />
      {isCorrected && (
        <Text size="xs" className="soft" mt={4} role="status">
          {t("webChat.corrected", { colour, light, dark })}
        </Text>
      )}
    </div>
  );
}
