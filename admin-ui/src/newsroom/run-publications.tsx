import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { More } from "../parts/more.tsx";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { useEverWanted } from "../parts/use-ever-wanted.ts";
import { PublicationList } from "./publication-list.tsx";
import { usePublications } from "./publishing-queries.ts";
import type { Run } from "./queries.ts";

const PublicationDrawer = lazy(() => import("./publication-drawer.tsx"));
const PublishDialog = lazy(() => import("./publish-dialog.tsx"));

/** Where an approved text was published, and where it may go yet. */
export default function RunPublications({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const list = usePublications({ runId: run.id });
  const [isPublishing, setPublishing] = useState(false);
  const [open, setOpen] = useState<string>();
  const wasOpen = useEverWanted(open !== undefined);
  return (
    <Section
      title={t("publishing.ofRun")}
      actions={
        <Button
          leftSection={<Icon name="send" size={16} />}
          disabled={list.data === undefined}
          onClick={() => setPublishing(true)}
        >
          {t("publishing.publish")}
        </Button>
      }
    >
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <LoadingRows rows={1} />}
      {list.data?.length === 0 && <p className="soft">{t("publishing.nowhere")}</p>}
      {list.data !== undefined && <PublicationList publications={list.data} onOpen={setOpen} />}
      <More list={list} />
      <Suspense fallback={null}>
        {isPublishing && (
          <PublishDialog
            run={run}
            published={list.data ?? []}
            onClose={() => setPublishing(false)}
          />
        )}
        {wasOpen && <PublicationDrawer publicationId={open} onClose={() => setOpen(undefined)} />}
      </Suspense>
    </Section>
  );
}
