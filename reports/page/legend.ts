/** The patterns that all charts of the page share. */
export const patterns = `<svg width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="overlap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="previous-page"/><line x1="0" y1="0" x2="0" y2="6" class="stripe" stroke-width="3"/></pattern>
<pattern id="freeze" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><line x1="0" y1="0" x2="0" y2="7" class="freeze-mark" stroke-width="3"/></pattern>
</defs></svg>`;

const marks = `<ul class="legend" aria-label="Legend">
<li><svg aria-hidden="true"><rect class="current" y="1" width="28" height="10" rx="3"/></svg>in use</li>
<li><svg aria-hidden="true"><rect class="previous" y="1" width="28" height="10"/></svg>kept beside its successor</li>
<li><svg aria-hidden="true"><line class="tail" x1="0" x2="26" y1="6" y2="6"/><line class="end" x1="26" x2="26" y1="1" y2="11"/></svg>revoked; its expiry if it were not</li>
<li><svg aria-hidden="true"><rect class="waiting" x="1" y="2" width="26" height="8"/></svg>not in use yet</li>
<li><svg aria-hidden="true" class="held"><rect class="current" x="2" y="2" width="24" height="8" rx="3"/></svg>held</li>
<li><svg aria-hidden="true" class="risk"><line class="end" x1="14" x2="14" y1="0" y2="12"/></svg>dies while in use</li>
<li><svg aria-hidden="true" class="leaked"><rect class="current" y="1" width="28" height="10" rx="3"/></svg>compromised</li>
<li><svg aria-hidden="true"><rect class="frozen" width="28" height="12"/></svg>freeze</li>
<li><svg aria-hidden="true"><line class="today" x1="14" x2="14" y1="0" y2="12"/></svg>day of the page</li>`;

/** What the marks of a plan mean. */
export const legend = `${marks}
</ul>`;

/** What those of how things stand mean. */
export const fleetLegend = `${marks}
<li><span class="yes" aria-hidden="true">✓</span>pipelines passed</li>
<li><span class="no" aria-hidden="true">✗</span>pipelines failed</li>
</ul>`;
