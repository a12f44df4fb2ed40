import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Paper,
  Stack,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { ContactName } from "../contacts/contact-name.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import classes from "./campaigns.module.css";
import { type Campaign, RECIPIENT_STATES, type RecipientState, useSteps } from "./queries.ts";

const PAGE = 25;

/** What became of each. Those of whom nobody knows may be sent it again, each named. */
export function Recipients({
  campaign,
  maySend,
}: {
  readonly campaign: Campaign;
  readonly maySend: boolean;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [state, setState] = useState<RecipientState>();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { resendUnknown } = useSteps(campaign.id);
  const list = useInfiniteQuery({
    queryKey: ["campaigns", "recipients", campaign.id, state],
    queryFn: async ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(state !== undefined && { state }),
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      const params = { path: { campaignId: campaign.id }, query };
      return (await GET("/api/v1/campaigns/{campaignId}/recipients", { params })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ recipients }) => recipients),
  });
  const mayResend = maySend && campaign.state === "done" && campaign.counts.unknown > 0;
  const resend = () =>
    resendUnknown.mutate(chosen, {
      onSuccess: ({ data }) => {
        tellDone(t("campaigns.again", { count: data.recipients }));
        setChosen([]);
      },
    });
  return (
    <Paper className="sheet" p="md" component="section" aria-label={t("campaigns.recipients")}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5">
          {t("campaigns.recipients")}
        </Title>
        <NativeSelect
          size="xs"
          aria-label={t("campaigns.recipientState")}
          data={[
            { value: "", label: t("campaigns.anyState") },
            ...RECIPIENT_STATES.map((value) => ({
              value,
              label: t(`campaigns.recipient.${value}`),
            })),
          ]}
          value={state ?? ""}
          onChange={({ currentTarget: { value } }) =>
            setState(RECIPIENT_STATES.find((each) => each === value))
          }
        />
      </Group>
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <LoadingRows rows={3} height={36} />}
      {list.data?.length === 0 && (
        <Text size="sm" className="soft">
          {t("campaigns.noRecipients")}
        </Text>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <Table.ScrollContainer minWidth={460} scrollAreaProps={{ type: "auto" }}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("campaigns.who")}</Table.Th>
                <Table.Th>{t("campaigns.what")}</Table.Th>
                <Table.Th>{t("campaigns.changed")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.data.map((recipient) => (
                <Table.Tr key={recipient.id}>
                  <Table.Td>
                    <Group gap="xs" wrap="nowrap">
                      {mayResend && recipient.state === "unknown" && (
                        <Checkbox
                          size="xs"
                          aria-label={t("campaigns.choose")}
                          checked={chosen.includes(recipient.id)}
                          onChange={({ currentTarget: { checked } }) =>
                            setChosen(
                              checked
                                ? [...chosen, recipient.id]
                                : chosen.filter((id) => id !== recipient.id),
                            )
                          }
                        />
                      )}
                      <Who recipient={recipient} />
                    </Group>
                  </Table.Td>
                  <Table.Td>
                    {t(`campaigns.recipient.${recipient.state}`)}
                    {recipient.reason !== null && (
                      <Text size="xs" className="soft">
                        {t(`campaigns.outcome.${recipient.reason as "blocked"}`, {
                          defaultValue: recipient.reason,
                        })}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td className="tabular">{formats.long(recipient.changedAt)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Stack gap="xs" mt="sm">
        {list.hasNextPage && (
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t("action.more")}
          </Button>
        )}
        {mayResend && (
          <Group justify="space-between">
            <Text size="sm" className="soft">
              {t("campaigns.resendHint")}
            </Text>
            <Button
              size="sm"
              disabled={chosen.length === 0}
              loading={resendUnknown.isPending}
              onClick={resend}
            >
              {t("campaigns.resendUnknown", { count: chosen.length })}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

function Who({
  recipient: { contact, line, channel },
}: {
  readonly recipient: {
    readonly contact: string | null;
    readonly line: number | null;
    readonly channel: "telegram" | "web-chat" | "whatsapp-web" | "whatsapp-cloud" | null;
  };
}) {
  const { t } = useTranslation();
  return (
    <div>
      {contact === null ? (
        <Text size="sm">{t("campaigns.ofLine", { line: line ?? "?" })}</Text>
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
      {channel !== null && (
        <Text size="xs" className="soft">
          {t(`channel.${channel}`)}
        </Text>
      )}
    </div>
  );
}
