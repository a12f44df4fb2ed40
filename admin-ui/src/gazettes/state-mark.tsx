import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../parts/icon.tsx";
import marks from "../parts/mark.module.css";
import type { DayState } from "./calendar-grid.ts";
import classes from "./gazettes.module.css";

const ICONS: Readonly<Record<DayState, IconName>> = {
  collected: "tick",
  corrected: "ticks",
  collecting: "refresh",
  expected: "clock",
  late: "clock",
  missing: "close",
  failed: "warning",
  "held-for-review": "hand",
  "needs-attention": "warning",
  "not-published": "pause",
  ahead: "forward",
  unasked: "question",
  none: "more",
};

export function StateIcon({
  state,
  size = 14,
}: {
  readonly state: DayState;
  readonly size?: number;
}) {
  return <Icon name={ICONS[state]} size={size} />;
}

/** How a day stands: by colour, icon and word. */
export function StateMark({ state, count }: { readonly state: DayState; readonly count?: number }) {
  const { t } = useTranslation();
  return (
    <span className={`${marks.mark} ${classes.state}`} data-state={state}>
      <StateIcon state={state} />
      {t(`gazettes.state.${state}`)}
      {count !== undefined && <b className="tabular">{count}</b>}
    </span>
  );
}
