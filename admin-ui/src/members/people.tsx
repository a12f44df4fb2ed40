import { Badge, Button, Group, Menu, Modal, NativeSelect, Paper, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { GET, PATCH, POST } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { useFormats, useNow } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import { Invitations } from "./invitations.tsx";
import { ROLES, roleNamed } from "./roles.ts";

const Invite = lazy(() => import("./invite.tsx"));
const ShownOnce = lazy(() => import("./shown-once.tsx"));

type Member = Schema<"Member">;

export function People() {
  const { t } = useTranslation();
  const [isInviting, inviting] = useDisclosure();
  const members = useInfiniteQuery({
    queryKey: ["members"],
    queryFn: async ({ pageParam }) => {
      const query = { limit: 50, ...(pageParam !== undefined && { cursor: pageParam }) };
      return (await GET("/api/v1/members", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap((page) => page.members),
  });
  if (members.isError) return <Failure error={members.error} retry={() => members.refetch()} />;
  if (members.data === undefined) return <LoadingRows />;
  return (
    <Stack>
      <Group justify="flex-end">
        <Button leftSection={<Icon name="plus" size={17} />} onClick={inviting.open}>
          {t("members.invite")}
        </Button>
      </Group>
      <Stack gap="xs" component="ul" p={0} m={0} aria-label={t("members.people")}>
        {members.data.map((member) => (
          <MemberRow key={member.id} member={member} />
        ))}
      </Stack>
      {members.hasNextPage && (
        <Button
          variant="default"
          loading={members.isFetchingNextPage}
          onClick={() => void members.fetchNextPage()}
        >
          {t("action.more")}
        </Button>
      )}
      <Invitations />
      <Suspense fallback={null}>{isInviting && <Invite onClose={inviting.close} />}</Suspense>
    </Stack>
  );
}

/** What one may do to a member; each asks for one's password anew, as the API does. */
function useChangeMember(member: Member, onDone: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"ChangeMemberRequest">) =>
      PATCH("/api/v1/members/{personId}", { params: { path: { personId: member.id } }, body }),
    onError: tellFailure,
    onSuccess: async () => {
      onDone();
      tellDone(t("members.changed"));
      await queries.invalidateQueries({ queryKey: ["members"] });
    },
  });
}

function MemberRow({ member }: { readonly member: Member }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  const { person } = useSigned();
  const isMe = member.id === person.id;
  const [isDisabling, disabling] = useDisclosure();
  const change = useChangeMember(member, disabling.close);
  const { name, email, role, isDisabled, hasTotp, lastSignInAt } = member;
  return (
    <Paper p="sm" className="sheet" component="li" style={{ listStyle: "none" }}>
      <Group justify="space-between" gap="sm">
        <div style={{ flex: "1 1 220px", minWidth: 0 }}>
          <Group gap={6}>
            <Text fw={600} size="sm">
              {name}
            </Text>
            {isMe && (
              <Badge size="sm" variant="light" tt="none">
                {t("members.you")}
              </Badge>
            )}
            {isDisabled && (
              <Badge size="sm" variant="light" color="gray" tt="none">
                {t("members.disabled")}
              </Badge>
            )}
          </Group>
          <Text size="sm" className="soft" style={{ overflowWrap: "anywhere" }}>
            {email}
          </Text>
          <Text size="xs" className="soft">
            {t(hasTotp ? "members.withTotp" : "members.withoutTotp")} · {t("members.lastSignIn")}:{" "}
            {lastSignInAt === null ? t("members.never") : formats.ago(lastSignInAt, now)}
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          {isMe ? (
            <Text size="sm">{t(`role.${role}`)}</Text>
          ) : (
            <>
              <NativeSelect
                w={150}
                aria-label={t("members.roleOf", { name })}
                value={role}
                disabled={isDisabled || change.isPending}
                data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
                onChange={(event) => change.mutate({ role: roleNamed(event.currentTarget.value) })}
              />
              <MemberMenu
                member={member}
                onDisable={disabling.open}
                onEnable={() => change.mutate({ isDisabled: false })}
              />
            </>
          )}
        </Group>
      </Group>
      <Modal
        opened={isDisabling}
        onClose={disabling.close}
        title={t("members.disableTitle", { name })}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          <Text size="sm">{t("members.disableHint")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={disabling.close}>
              {t("action.cancel")}
            </Button>
            <Button
              color="red"
              loading={change.isPending}
              onClick={() => change.mutate({ isDisabled: true })}
            >
              {t("members.disable")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Paper>
  );
}

function MemberMenu({
  member,
  onDisable,
  onEnable,
}: {
  readonly member: Member;
  readonly onDisable: () => void;
  readonly onEnable: () => void;
}) {
  const { t } = useTranslation();
  const [link, setLink] = useState<Schema<"Reset">>();
  const reset = useMutation({
    mutationFn: async () =>
      (await POST("/api/v1/password-resets", { body: { personId: member.id } })).data,
    onError: tellFailure,
    onSuccess: setLink,
  });
  const { name, isDisabled } = member;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-md"
            aria-label={t("members.actions", { name })}
          >
            <Icon name="more" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => reset.mutate()}>{t("members.reset")}</Menu.Item>
          {isDisabled ? (
            <Menu.Item onClick={onEnable}>{t("members.enable")}</Menu.Item>
          ) : (
            <Menu.Item color="red" onClick={onDisable}>
              {t("members.disable")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense fallback={null}>
        {link !== undefined && (
          <ShownOnce
            title={t("once.resetTitle", { name })}
            value={link.url}
            onClose={() => setLink(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}
