import { Button, Stack, Textarea } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

/** Something to take along, with a button that copies it. */
export function ToCopy({ label, value }: { readonly label: string; readonly value: string }) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<string>();
  // Over plain http there is no clipboard to write to: what is selected, one copies by hand.
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setCopied(value);
    } catch {
      setCopied(undefined);
    }
  };
  return (
    <Stack gap="xs">
      <Textarea
        ref={field}
        aria-label={label}
        value={value}
        readOnly
        autosize
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button variant="default" onClick={() => void copy()}>
        {t(copied === value ? "copy.done" : "copy.do")}
      </Button>
    </Stack>
  );
}
