import { Button, Stack, Tabs } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useSigned } from "../shell/session.ts";
import { DocumentCard } from "./document-card.tsx";
import { useDocuments } from "./queries.ts";

const DropZone = lazy(() => import("./drop-zone.tsx"));
const AddByAddress = lazy(() => import("./add-by-address.tsx"));
const KnowledgeSets = lazy(() => import("./knowledge-sets.tsx"));

/** What the tenant's bots answer from besides the gazettes. */
export function Documents() {
  const { t } = useTranslation();
  const { role } = useSigned();
  const mayChange = role === "owner" || role === "editor";
  const [tab, setTab] = useState<string | null>("documents");
  const [isAdding, adding] = useDisclosure();
  return (
    <Page
      title={t("nav.documents")}
      lead={t("documents.lead")}
      actions={
        mayChange && (
          <Button
            variant="default"
            leftSection={<Icon name="link" size={17} />}
            onClick={adding.open}
          >
            {t("documents.addUrl")}
          </Button>
        )
      }
    >
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="documents">{t("documents.documents")}</Tabs.Tab>
          <Tabs.Tab value="sets">{t("documents.sets")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="documents">
          <Stack>
            <Suspense fallback={<LoadingRows rows={1} height={120} />}>
              {mayChange && <DropZone />}
            </Suspense>
            <DocumentList mayChange={mayChange} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="sets">
          <Suspense fallback={<LoadingRows />}>
            <KnowledgeSets mayChange={mayChange} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
      <Suspense fallback={null}>{isAdding && <AddByAddress onClose={adding.close} />}</Suspense>
    </Page>
  );
}

function DocumentList({ mayChange }: { readonly mayChange: boolean }) {
  const { t } = useTranslation();
  const documents = useDocuments();
  if (documents.isError) {
    return <Failure error={documents.error} retry={() => documents.refetch()} />;
  }
  if (documents.data === undefined) return <LoadingRows height={84} rows={3} />;
  if (documents.data.length === 0) {
    return (
      <Empty icon="documents" title={t("documents.none")}>
        {t("documents.noneHint")}
      </Empty>
    );
  }
  return (
    <>
      {documents.data.map((document) => (
        <DocumentCard key={document.id} document={document} mayChange={mayChange} />
      ))}
      {documents.hasNextPage && (
        <Button
          variant="default"
          loading={documents.isFetchingNextPage}
          onClick={() => void documents.fetchNextPage()}
        >
          {t("action.more")}
        </Button>
      )}
    </>
  );
}
