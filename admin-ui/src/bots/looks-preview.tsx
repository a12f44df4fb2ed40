import { Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { COLOUR, type Looks, linesOf, MOST_QUESTIONS } from "./looks.ts";
import { type Mode, PAPER, SHEET, shadesOf } from "./shades.ts";
import classes from "./web-chat.module.css";

/** Of the chat's page. */
const INK = { light: "#201c17", dark: "#efe8dc" } as const;
const LINE = { light: "#ddd4c5", dark: "#3b342a" } as const;

/** The chat as the form would have it look, by day and by night; what is wrong in the form is not shown. */
export function LooksPreview({
  looks,
  avatar,
}: {
  readonly looks: Looks;
  /** Address of the picture that the tenant sent; null: none. */
  readonly avatar: string | null;
}) {
  const { t } = useTranslation();
  return (
    <Paper p="md" className="sheet" component="section" aria-label={t("webChat.preview")}>
      <Title order={2} size="h5" mb="sm">
        {t("webChat.preview")}
      </Title>
      <div className={classes.previews}>
        {(["light", "dark"] as const).map((mode) => (
          <figure key={mode} className={classes.preview}>
            <Chat looks={looks} avatar={avatar} mode={mode} />
            <Text component="figcaption" size="xs" className="soft">
              {t(`webChat.${mode}`)}
            </Text>
          </figure>
        ))}
      </div>
    </Paper>
  );
}

function Chat({
  looks,
  avatar,
  mode,
}: {
  readonly looks: Looks;
  readonly avatar: string | null;
  readonly mode: Mode;
}) {
  const { t } = useTranslation();
  const colour = COLOUR.test(looks.colour) ? looks.colour : undefined;
  const { accent, onAccent, tint } = shadesOf(colour, mode);
  const own = linesOf(looks.questions).slice(0, MOST_QUESTIONS);
  const questions =
    own.length > 0 ? own : [t("webChat.sampleQuestion1"), t("webChat.sampleQuestion2")];
  const [letter = "·"] = looks.name.match(/[\p{L}\p{N}]/u) ?? [];
  // The portrait is a picture of the server's, and has no night.
  const portrait = shadesOf(colour, "light");
  return (
    <div
      className={classes.chat}
      style={{ background: PAPER[mode], color: INK[mode], borderColor: LINE[mode] }}
    >
      <div
        className={classes.bar}
        style={{ background: SHEET[mode], borderBottomColor: LINE[mode] }}
      >
        {avatar !== null || colour === undefined ? (
          <img
            className={classes.portrait}
            src={avatar ?? "/assets/site/icon.svg"}
            alt=""
            width={28}
            height={28}
          />
        ) : (
          <span
            className={classes.letter}
            style={{ background: portrait.accent, color: portrait.onAccent }}
            aria-hidden="true"
          >
            {letter.toUpperCase()}
          </span>
        )}
        <strong>{looks.name}</strong>
      </div>
      <div className={classes.said}>
        <strong className={classes.question}>{t("webChat.sampleTitle")}</strong>
        <span>{looks.greeting.trim() || t("webChat.sampleGreeting")}</span>
        {questions.map((question) => (
          <span
            key={question}
            className={classes.offered}
            style={{ background: SHEET[mode], borderColor: LINE[mode] }}
          >
            {question}
          </span>
        ))}
        <span className={classes.visitor} style={{ background: accent, color: onAccent }}>
          {t("webChat.sampleSaid")}
        </span>
        <span
          className={classes.mark}
          style={{ background: tint, color: accent }}
          aria-hidden="true"
        >
          1
        </span>
      </div>
    </div>
  );
}
