/** What a site names on one day, and how. */
export interface NamedDay {
  readonly yyyy: string;
  readonly MM: string;
  readonly dd: string;
  /** File names of the PDFs of that day; empty: the page says so. */
  readonly documents: readonly string[];
  /** Laid out otherwise than anybody's settings say, and naming nothing. */
  readonly isChanged: boolean;
}

const ARCHIVE = "/pub/2014/11/14/COMP_14_11_2014.pdf";

/** A page for people, with a list of links. */
export function listingPage(day: NamedDay): string {
  if (day.isChanged) {
    return "<main><p>Sitio nuevo. <button data-edicion>Ver edición</button></p></main>";
  }
  const items = linksOf(day).map((link) => item(link, "Edición del día"));
  return `<ul class="ediciones">${items.join("")}${item(ARCHIVE, "Archivo")}</ul>`;
}

/**
 * The same list, made by a script of the page from what its API answers: nothing is in the page itself. It also asks
 * for a picture of another host, as sites do, and runs `script`.
 */
export function livePage({ yyyy, MM, dd, isChanged }: NamedDay, script: string): string {
  const draw = isChanged
    ? `document.querySelector("main").innerHTML = "<h1>Sitio nuevo</h1><button>Ver edición</button>";`
    : `fetch("/api/sumario/${yyyy}${MM}${dd}").then((answer) => answer.json()).then(({ documentos }) => {
      const list = document.createElement("ul");
      list.className = "ediciones";
      for (const { url } of documentos) {
        const link = document.createElement("a");
        link.className = "pdf";
        link.href = url;
        link.textContent = "Edición del día";
        list.append(document.createElement("li"));
        list.lastChild.append(link);
      }
      document.querySelector("main").replaceChildren(list);
    });`;
  return `<!doctype html><html lang="es"><meta charset="utf-8"><title>Gaceta</title>
<img src="http://contador.example/visita.gif" alt=""><main>Cargando …</main>
<script>${draw}</script><script>${script}</script></html>`;
}

/** Open data: JSON with absolute addresses. */
export function feedAnswer(day: NamedDay, origin: string): string {
  if (day.isChanged) return JSON.stringify({ version: 2, secciones: [] });
  const documents = linksOf(day).map((link) => ({ url: `${origin}${link}` }));
  return JSON.stringify({
    fecha: `${day.yyyy}-${day.MM}-${day.dd}`,
    anterior: `${origin}${ARCHIVE}`,
    documentos: documents,
  });
}

function linksOf({ yyyy, MM, dd, documents }: NamedDay): readonly string[] {
  return documents.map((name) => `/pub/${yyyy}/${MM}/${dd}/${name}`);
}

function item(href: string, text: string): string {
  return `<li><a class="pdf" href="${href}">${text}</a></li>`;
}
