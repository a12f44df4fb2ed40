import type { Language } from "../core/language.ts";
import type { SessionState } from "../core/session.ts";

/** What the page of a session says of it: a heading, and what the reader can do. */
interface StateTexts {
  readonly heading: string;
  readonly help: string;
}

export interface SessionTexts {
  readonly kicker: string;
  readonly states: Readonly<Record<SessionState | "unattended" | "preparing", StateTexts>>;
  /** Steps on the phone, for a QR code and for a pairing code. */
  readonly scan: readonly string[];
  readonly type: readonly string[];
  readonly qrAlt: string;
  readonly attempt: string;
  /** Around the seconds that a code lasts. */
  readonly renewed: string;
  readonly gone: StateTexts;
  readonly expires: string;
  readonly offline: string;
  readonly warning: string;
}

const es: SessionTexts = {
  kicker: "Vincular WhatsApp",
  states: {
    unattended: {
      heading: "Nadie atiende esta cuenta",
      help: "Inicie Pregonero en el servidor («pregonero start»); esta página sigue sola.",
    },
    preparing: { heading: "Preparando el código", help: "Tarda unos segundos." },
    starting: {
      heading: "Abriendo WhatsApp Web",
      help: "La primera vez puede tardar un minuto y medio.",
    },
    "waiting-for-scan": {
      heading: "Vincule el teléfono con este código",
      help: "Tenga a mano el teléfono de la cuenta.",
    },
    connecting: {
      heading: "El teléfono respondió",
      help: "WhatsApp carga los chats. No cierre la aplicación del teléfono.",
    },
    ready: {
      heading: "Cuenta vinculada",
      help: "Ya puede cerrar esta página. Pruébela: escriba a la cuenta desde otro teléfono.",
    },
    degraded: {
      heading: "Vinculada, con dificultades",
      help: "La sesión funciona a medias y se repara sola. El motivo: «pregonero bot session {bot}».",
    },
    conflict: {
      heading: "WhatsApp está abierto en otra ventana",
      help: "Cierre la otra, o recupere la cuenta con «pregonero bot use-here {bot}».",
    },
    restricted: {
      heading: "WhatsApp ha restringido la cuenta",
      help: "No se envía nada y lo pendiente se guarda. Mire en el teléfono qué dice WhatsApp.",
    },
    "logged-out": {
      heading: "La cuenta se desvinculó",
      help: "Pida un código nuevo con «pregonero bot link {bot}».",
    },
    "needs-adapter": {
      heading: "WhatsApp Web ha cambiado",
      help: "La página no se reconoce: hace falta un paquete de selectores más nuevo.",
    },
    parked: {
      heading: "La sesión espera a una persona",
      help: "Nadie escaneó a tiempo, o el navegador falló demasiadas veces. Siga con «pregonero bot link {bot}».",
    },
    stopped: {
      heading: "La sesión está parada",
      help: "Siga con «pregonero bot resume {bot}».",
    },
  },
  scan: [
    "Abra WhatsApp en el teléfono.",
    "Toque Dispositivos vinculados y luego Vincular un dispositivo.",
    "Apunte la cámara a este código.",
  ],
  type: [
    "Abra WhatsApp en el teléfono.",
    "Toque Dispositivos vinculados y luego Vincular un dispositivo.",
    "Toque Vincular con el número de teléfono y escriba este código.",
  ],
  qrAlt: "Código QR que vincula la cuenta",
  attempt: "Código {n} de {count}",
  renewed: "válido {seconds} s más",
  gone: {
    heading: "Esta dirección ya no vale",
    help: "Dura un cuarto de hora. Pida otra con «pregonero bot link».",
  },
  expires:
    "Quien tenga esta dirección puede vincular la cuenta: no la comparta. Vale {minutes} minutos más.",
  offline: "El servidor no responde; se sigue intentando.",
  warning:
    "Automatizar WhatsApp Web va contra las condiciones de WhatsApp y puede costar el número. La vía admitida es la API en la nube.",
};

const pt: SessionTexts = {
  kicker: "Vincular o WhatsApp",
  states: {
    unattended: {
      heading: "Ninguém atende esta conta",
      help: "Inicie o Pregonero no servidor («pregonero start»); esta página continua sozinha.",
    },
    preparing: { heading: "Preparando o código", help: "Leva alguns segundos." },
    starting: {
      heading: "Abrindo o WhatsApp Web",
      help: "Na primeira vez pode levar um minuto e meio.",
    },
    "waiting-for-scan": {
      heading: "Vincule o telefone com este código",
      help: "Tenha à mão o telefone da conta.",
    },
    connecting: {
      heading: "O telefone respondeu",
      help: "O WhatsApp carrega as conversas. Não feche o aplicativo do telefone.",
    },
    ready: {
      heading: "Conta vinculada",
      help: "Já pode fechar esta página. Experimente: escreva para a conta de outro telefone.",
    },
    degraded: {
      heading: "Vinculada, com dificuldades",
      help: "A sessão funciona em parte e se recupera sozinha. O motivo: «pregonero bot session {bot}».",
    },
    conflict: {
      heading: "O WhatsApp está aberto em outra janela",
      help: "Feche a outra, ou recupere a conta com «pregonero bot use-here {bot}».",
    },
    restricted: {
      heading: "O WhatsApp restringiu a conta",
      help: "Nada é enviado e o pendente fica guardado. Veja no telefone o que o WhatsApp diz.",
    },
    "logged-out": {
      heading: "A conta foi desvinculada",
      help: "Peça um código novo com «pregonero bot link {bot}».",
    },
    "needs-adapter": {
      heading: "O WhatsApp Web mudou",
      help: "A página não é reconhecida: é preciso um pacote de seletores mais novo.",
    },
    parked: {
      heading: "A sessão espera uma pessoa",
      help: "Ninguém escaneou a tempo, ou o navegador falhou vezes demais. Continue com «pregonero bot link {bot}».",
    },
    stopped: {
      heading: "A sessão está parada",
      help: "Continue com «pregonero bot resume {bot}».",
    },
  },
  scan: [
    "Abra o WhatsApp no telefone.",
    "Toque em Dispositivos conectados e depois em Conectar um dispositivo.",
    "Aponte a câmera para este código.",
  ],
  type: [
    "Abra o WhatsApp no telefone.",
    "Toque em Dispositivos conectados e depois em Conectar um dispositivo.",
    "Toque em Conectar com número de telefone e escreva este código.",
  ],
  qrAlt: "Código QR que vincula a conta",
  attempt: "Código {n} de {count}",
  renewed: "válido por mais {seconds} s",
  gone: {
    heading: "Este endereço já não vale",
    help: "Dura um quarto de hora. Peça outro com «pregonero bot link».",
  },
  expires:
    "Quem tiver este endereço pode vincular a conta: não o compartilhe. Vale mais {minutes} minutos.",
  offline: "O servidor não responde; as tentativas continuam.",
  warning:
    "Automatizar o WhatsApp Web contraria os termos do WhatsApp e pode custar o número. O caminho aceito é a API na nuvem.",
};

const en: SessionTexts = {
  kicker: "Link WhatsApp",
  states: {
    unattended: {
      heading: "Nothing attends to this account",
      help: "Start Pregonero on the server (“pregonero start”); this page goes on by itself.",
    },
    preparing: { heading: "Getting a code", help: "It takes a few seconds." },
    starting: {
      heading: "Opening WhatsApp Web",
      help: "The first time it may take a minute and a half.",
    },
    "waiting-for-scan": {
      heading: "Link the phone with this code",
      help: "Have the account's phone at hand.",
    },
    connecting: {
      heading: "The phone answered",
      help: "WhatsApp is loading the chats. Leave the app open on the phone.",
    },
    ready: {
      heading: "The account is linked",
      help: "You can close this page. Try it: write to the account from another phone.",
    },
    degraded: {
      heading: "Linked, with difficulties",
      help: "The session works in part and repairs itself. Why: “pregonero bot session {bot}”.",
    },
    conflict: {
      heading: "WhatsApp is open in another window",
      help: "Close that one, or take the account back with “pregonero bot use-here {bot}”.",
    },
    restricted: {
      heading: "WhatsApp has restricted the account",
      help: "Nothing is sent, and what waits is kept. See on the phone what WhatsApp says.",
    },
    "logged-out": {
      heading: "The account was unlinked",
      help: "Ask for a new code with “pregonero bot link {bot}”.",
    },
    "needs-adapter": {
      heading: "WhatsApp Web has changed",
      help: "The page is not recognised: a newer selector pack is needed.",
    },
    parked: {
      heading: "The session waits for a person",
      help: "Nobody scanned in time, or the browser failed too often. Go on with “pregonero bot link {bot}”.",
    },
    stopped: {
      heading: "The session is stopped",
      help: "Go on with “pregonero bot resume {bot}”.",
    },
  },
  scan: [
    "Open WhatsApp on the phone.",
    "Tap Linked devices, then Link a device.",
    "Point the camera at this code.",
  ],
  type: [
    "Open WhatsApp on the phone.",
    "Tap Linked devices, then Link a device.",
    "Tap Link with phone number instead, and type this code.",
  ],
  qrAlt: "QR code that links the account",
  attempt: "Code {n} of {count}",
  renewed: "valid for {seconds} s",
  gone: {
    heading: "This address is no longer valid",
    help: "It lasts a quarter of an hour. Ask for another with “pregonero bot link”.",
  },
  expires:
    "Whoever has this address can link the account: do not share it. Valid for {minutes} more minutes.",
  offline: "The server does not answer; it is asked again.",
  warning:
    "Automating WhatsApp Web is against WhatsApp's terms and may cost the number. The supported road is the Cloud API.",
};

export const SESSION_TEXTS: Readonly<Record<Language, SessionTexts>> = { es, pt, en };
