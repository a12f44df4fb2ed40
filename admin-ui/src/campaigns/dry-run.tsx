import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { ContactName } from "../contacts/contact-name.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import classes from "./campaigns.module.css";

/** Names are asked for one by one. */
const SHOWN = 5;

/** Who would get it now, and who not, and why; nothing is written by asking. */
export function DryRun({ campaignId }: { readonly campaignId: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const run = useMutation({
    mutationFn: async () => {
      const params = { path: { campaignId }, query: { limit: SHOWN } };
      return (await GET("/api/v1/campaigns/{campaignId}/dry-run", { params })).data;
    },
    onError: tellFailure,
  });
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" className="soft">
          {t("campaigns.dryRunHint")}
        </Text>
        <Button size="sm" variant="default" loading={run.isPending} onClick={() => run.mutate()}>
          {t("campaigns.dryRun")}
        </Button>
      </Group>
      {run.data !== undefined && (
        <Stack gap="sm" role="status">
          {run.data.outcomes.map(({ outcome, contacts, page }) => (
            <div key={outcome}>
              <Text size="sm" fw={600}>
                {t(`campaigns.outcome.${outcome}`)}: {formats.number(contacts)}
              </Text>
              <Text size="xs" className="soft" component="ul" m={0} pl="md">
                {page.map(({ contact, line }) => (
                  <li key={`${contact} ${line}`}>
                    {contact === null ? (
                      t("campaigns.ofLine", { line: line ?? "?" })
                    ) : (
                      <Link
                        className={classes.name}
                        to="/contacts/$contactId"
                        params={{ contactId: contact }}
                        search={{}}
                      >
                        <ContactName contactId={contact} />
                      </Link>
                    )}
                  </li>
                ))}
                {contacts > page.length && (
                  <li>{t("campaigns.others", { count: contacts - page.length })}</li>
                )}
              </Text>
            </div>
          ))}
          <dl className={classes.facts}>
            {run.data.channels.map(({ channel, messages }) => (
              <div key={channel} className={classes.fact}>
                <dt>{t(`channel.${channel}`)}</dt>
                <dd>{t("campaigns.messages", { count: messages })}</dd>
              </div>
            ))}
          </dl>
        </Stack>
      )}
    </Stack>
  );
}
