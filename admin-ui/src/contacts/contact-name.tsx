import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readContact } from "./queries.ts";

const KNOWN_MS = 5 * 60_000;

/** Of a contact of which only the id is known. */
export function ContactName({ contactId }: { readonly contactId: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["contact-name", contactId],
    staleTime: KNOWN_MS,
    queryFn: async () => {
      const { contact } = await readContact(contactId);
      return contact.name ?? contact.networkName;
    },
  });
  return data ?? t("contacts.nameless");
}
