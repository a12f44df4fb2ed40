import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CsvOutcome } from "./use-draft.ts";

/** Each line that is wrong, with why. */
export function CsvProblems({ problems }: { readonly problems: CsvOutcome["problems"] }) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={280} mah={240} scrollAreaProps={{ type: "auto" }}>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("contacts.line")}</Table.Th>
            <Table.Th>{t("contacts.problem")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {problems.map(({ line, code, values }) => (
            <Table.Tr key={`${line} ${code}`}>
              <Table.Td className="tabular">{line}</Table.Td>
              <Table.Td>{t(`campaigns.csv.${code}`, values)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
