import {
  Alert,
  Badge,
  Button,
  FileButton,
  Group,
  Menu,
  Modal,
  Paper,
  Progress,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { useFormats } from "../parts/time.ts";
import { type Document, isUnderWay, useDocumentActions, type Version } from "./queries.ts";

const STATE_COLORS = {
  receiving: "blue",
  queued: "gray",
  fetching: "blue",
  reading: "blue",
  indexing: "blue",
  ready: "green",
  failed: "red",
} as const satisfies Readonly<Record<Version["state"], string>>;

/** One document: how its newest version stands, the others, and what one may do to it. */
export function DocumentCard({
  document,
  mayChange,
}: {
  readonly document: Document;
  readonly mayChange: boolean;
}) {
  const { t } = useTranslation();
  const [isRemoving, removing] = useDisclosure();
  const [showsVersions, versions] = useDisclosure();
  const actions = useDocumentActions(document, removing.close);
  const [newest, ...earlier] = document.versions;
  return (
    <Paper p="md" className="sheet" component="section" aria-label={document.title}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div style={{ minWidth: 0, flex: 1 }}>
          <Title order={2} size="h5" style={{ overflowWrap: "anywhere" }}>
            {document.title}
          </Title>
          <Text size="sm" className="soft" style={{ overflowWrap: "anywhere" }}>
            {t(document.isPublic ? "documents.public" : "documents.private")}
            {document.url !== null && ` · ${document.url}`}
          </Text>
        </div>
        {mayChange && (
          <DocumentMenu document={document} actions={actions} onRemove={removing.open} />
        )}
      </Group>
      {newest === undefined ? (
        <Text size="sm" mt="xs">
          {t("documents.noFile")}
        </Text>
      ) : (
        <VersionLine version={newest} />
      )}
      {earlier.length > 0 && (
        <Button
          variant="subtle"
          size="compact-sm"
          mt="xs"
          aria-expanded={showsVersions}
          onClick={versions.toggle}
        >
          {t("documents.earlier", { count: earlier.length })}
        </Button>
      )}
      {showsVersions &&
        earlier.map((version) => <VersionLine key={version.version} version={version} />)}
      <Modal
        opened={isRemoving}
        onClose={removing.close}
        title={t("documents.removeTitle", { title: document.title })}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          <Text size="sm">{t("documents.removeHint")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={removing.close}>
              {t("action.cancel")}
            </Button>
            <Button
              color="red"
              loading={actions.remove.isPending}
              onClick={() => actions.remove.mutate()}
            >
              {t("documents.remove")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Paper>
  );
}

function VersionLine({ version }: { readonly version: Version }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { state, progress, problem, pages, createdAt, fileName, isCurrent } = version;
  const share =
    progress.total === null || progress.total === 0 ? 100 : (100 * progress.done) / progress.total;
  return (
    <Stack gap={4} mt="xs">
      <Group gap="xs">
        <Badge variant="light" color={STATE_COLORS[state]} tt="none">
          {t(`documents.state.${state}`)}
        </Badge>
        {isCurrent && (
          <Badge variant="light" tt="none">
            {t("documents.current")}
          </Badge>
        )}
        <Text size="xs" className="soft tabular" style={{ overflowWrap: "anywhere" }}>
          {t("documents.version", { version: version.version })} · {fileName} ·{" "}
          {formats.long(createdAt)}
          {pages !== null && ` · ${t("documents.pages", { count: pages })}`}
        </Text>
      </Group>
      {isUnderWay(version) && (
        <Progress
          size="sm"
          animated={progress.total === null}
          value={share}
          aria-label={t("documents.progress", { name: fileName })}
        />
      )}
      {problem !== null && (
        <Alert color="red" variant="light" py="xs" role="alert">
          {problem.message}
        </Alert>
      )}
    </Stack>
  );
}

function DocumentMenu({
  document,
  actions,
  onRemove,
}: {
  readonly document: Document;
  readonly actions: ReturnType<typeof useDocumentActions>;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const hasVersion = document.versions.some(({ isCurrent }) => isCurrent);
  return (
    <FileButton
      accept=".pdf,.docx,.html,.md,.txt"
      onChange={(file) => file !== null && actions.addVersion.mutate(file)}
      inputProps={{ "aria-label": t("documents.newVersionOf", { title: document.title }) }}
    >
      {({ onClick }) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="subtle"
              color="gray"
              size="compact-md"
              aria-label={t("documents.actions", { title: document.title })}
            >
              <Icon name="more" />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onClick}>{t("documents.newVersion")}</Menu.Item>
            {document.url !== null && (
              <Menu.Item onClick={() => actions.refetch.mutate()}>
                {t("documents.refetch")}
              </Menu.Item>
            )}
            {hasVersion && (
              <>
                <Menu.Item onClick={() => actions.reindex.mutate()}>
                  {t("documents.reindex")}
                </Menu.Item>
                <Menu.Item onClick={() => actions.download.mutate()}>
                  {t("documents.download")}
                </Menu.Item>
              </>
            )}
            <Menu.Item onClick={() => actions.change.mutate({ isPublic: !document.isPublic })}>
              {t(document.isPublic ? "documents.makePrivate" : "documents.makePublic")}
            </Menu.Item>
            <Menu.Item color="red" onClick={onRemove}>
              {t("documents.remove")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </FileButton>
  );
}
