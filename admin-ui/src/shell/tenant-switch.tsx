import { NativeSelect, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { useSigned } from "./session.ts";

/** The name of the tenant that one acts in; a choice for whoever belongs to several. */
export function TenantSwitch() {
  const { t } = useTranslation();
  const { person, tenantId, switchTenant } = useSigned();
  const names = useQueries({
    queries: person.memberships.map((membership) => ({
      queryKey: ["tenant-name", membership.tenantId],
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: async () => {
        const headers = { "pregonero-tenant": membership.tenantId };
        const { data } = await GET("/api/v1/tenant", { headers });
        return { id: membership.tenantId, name: data.name };
      },
    })),
  });
  const known = names.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const name = known.find(({ id }) => id === tenantId)?.name;
  if (person.memberships.length <= 1) {
    return (
      <Text fw={600} size="sm" truncate>
        {name ?? (tenantId === undefined ? t("nav.installation") : " ")}
      </Text>
    );
  }
  return (
    <NativeSelect
      aria-label={t("nav.tenant")}
      data={known.map(({ id, name: label }) => ({ value: id, label }))}
      value={tenantId ?? ""}
      onChange={({ currentTarget }) => switchTenant(currentTarget.value)}
      size="xs"
      w={200}
    />
  );
}
