import { NativeSelect, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSigned } from "./session.ts";
import { tenantQuery } from "./tenant.ts";

/** The name of the tenant that one acts in; a choice for whoever belongs to several. */
export function TenantSwitch() {
  const { t } = useTranslation();
  const { person, tenantId, switchTenant } = useSigned();
  const tenants = useQueries({
    queries: person.memberships.map((membership) => tenantQuery(membership.tenantId)),
  });
  const known = person.memberships.flatMap(({ tenantId: id }, at) => {
    const name = tenants[at]?.data?.name;
    return name === undefined ? [] : [{ id, name }];
  });
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
