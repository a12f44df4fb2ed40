/** Condition on a part: it belongs to no campaign, or to one that is being sent at this moment. */
export function isReleased(part: string): string {
  return `(${part}.recipient_id is null or exists (
             select 1 from campaign_recipient r join campaign k on k.id = r.campaign_id
             where r.id = ${part}.recipient_id and k.state = 'sending'))`;
}

/** SQL for what the person of a campaign's part has against it by now, whichever chat they said it in; null: nothing. */
export function objectionTo(part: string): string {
  return `(select case when whole.blocked_at is not null then 'contact-blocked'
                       when whole.consent = 'refused' then 'unsubscribed' end
           from campaign_recipient r join contact named on named.id = r.contact_id
           join contact whole on whole.id = coalesce(named.merged_into, named.id)
           where r.id = ${part}.recipient_id)`;
}
