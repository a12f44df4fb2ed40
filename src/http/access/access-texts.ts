import type { AccessPage } from "../../access-links.ts";
import type { Language } from "../../core/language.ts";

/** What the pages of links say. */
export interface AccessTexts {
  readonly kicker: string;
  readonly pages: Readonly<
    Record<AccessPage, { readonly heading: string; readonly lead: string; readonly submit: string }>
  >;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly passwordHint: string;
  readonly totp: {
    readonly heading: string;
    readonly lead: string;
    readonly qrAlt: string;
    readonly secret: string;
    readonly code: string;
    readonly submit: string;
  };
  readonly codes: { readonly heading: string; readonly lead: string };
  readonly done: { readonly heading: string; readonly lead: string };
  /** By `code` of a problem; else its own detail is shown. */
  readonly problems: Readonly<Record<string, string>>;
  readonly noScript: string;
}

const es: AccessTexts = {
  kicker: "Acceso",
  pages: {
    setup: {
      heading: "Cree la primera cuenta",
      lead: "Administrará esta instalación. El enlace vale una sola vez.",
      submit: "Crear la cuenta",
    },
    invitation: {
      heading: "Acepte la invitación",
      lead: "Elija su nombre y su contraseña. El enlace vale una sola vez.",
      submit: "Aceptar",
    },
    "password-reset": {
      heading: "Elija otra contraseña",
      lead: "Se cerrarán todas sus sesiones. El enlace vale una sola vez.",
      submit: "Cambiar la contraseña",
    },
  },
  email: "Correo electrónico",
  name: "Nombre",
  password: "Contraseña",
  passwordHint: "Al menos 12 caracteres. Una frase sirve; no hacen falta signos.",
  totp: {
    heading: "Añada el segundo factor",
    lead: "Su función lo exige. Escanee el código con una aplicación de autenticación y escriba los seis dígitos que muestre.",
    qrAlt: "Código QR para la aplicación de autenticación",
    secret: "Sin cámara, escriba esta clave:",
    code: "Seis dígitos",
    submit: "Confirmar",
  },
  codes: {
    heading: "Guarde estos códigos",
    lead: "Cada uno sirve una vez si pierde el teléfono. No se volverán a mostrar.",
  },
  done: { heading: "Listo", lead: "Ya puede cerrar esta página." },
  problems: {
    "link-void": "El enlace no existe, ya se usó o caducó. Pida otro.",
    "sign-in-first":
      "Esa dirección ya tiene cuenta aquí: inicie sesión y acepte la invitación desde ella.",
    "password-refused":
      "La contraseña es demasiado corta, muy común o es su propio nombre. Elija otra.",
    "proof-refused": "El código no es correcto. Espere al siguiente y escríbalo.",
    "too-many-attempts": "Demasiados intentos. Espere un cuarto de hora.",
    "invalid-input": "Revise lo que escribió.",
    offline: "El servidor no responde. Inténtelo de nuevo.",
  },
  noScript: "Esta página necesita JavaScript.",
};

const pt: AccessTexts = {
  kicker: "Acesso",
  pages: {
    setup: {
      heading: "Crie a primeira conta",
      lead: "Ela administrará esta instalação. O link vale uma única vez.",
      submit: "Criar a conta",
    },
    invitation: {
      heading: "Aceite o convite",
      lead: "Escolha seu nome e sua senha. O link vale uma única vez.",
      submit: "Aceitar",
    },
    "password-reset": {
      heading: "Escolha outra senha",
      lead: "Todas as suas sessões serão encerradas. O link vale uma única vez.",
      submit: "Mudar a senha",
    },
  },
  email: "E-mail",
  name: "Nome",
  password: "Senha",
  passwordHint: "Ao menos 12 caracteres. Uma frase serve; sinais não são necessários.",
  totp: {
    heading: "Acrescente o segundo fator",
    lead: "Sua função o exige. Leia o código com um aplicativo autenticador e digite os seis dígitos que ele mostrar.",
    qrAlt: "Código QR para o aplicativo autenticador",
    secret: "Sem câmera, digite esta chave:",
    code: "Seis dígitos",
    submit: "Confirmar",
  },
  codes: {
    heading: "Guarde estes códigos",
    lead: "Cada um serve uma vez se perder o telefone. Não serão mostrados de novo.",
  },
  done: { heading: "Pronto", lead: "Já pode fechar esta página." },
  problems: {
    "link-void": "O link não existe, já foi usado ou expirou. Peça outro.",
    "sign-in-first": "Esse endereço já tem conta aqui: entre e aceite o convite por ela.",
    "password-refused":
      "A senha é curta demais, muito comum ou é o seu próprio nome. Escolha outra.",
    "proof-refused": "O código não está certo. Espere o próximo e digite-o.",
    "too-many-attempts": "Tentativas demais. Espere um quarto de hora.",
    "invalid-input": "Revise o que digitou.",
    offline: "O servidor não responde. Tente de novo.",
  },
  noScript: "Esta página precisa de JavaScript.",
};

const en: AccessTexts = {
  kicker: "Access",
  pages: {
    setup: {
      heading: "Make the first account",
      lead: "It will manage this installation. The link works once.",
      submit: "Make the account",
    },
    invitation: {
      heading: "Accept the invitation",
      lead: "Choose your name and password. The link works once.",
      submit: "Accept",
    },
    "password-reset": {
      heading: "Choose another password",
      lead: "All your sessions will end. The link works once.",
      submit: "Change the password",
    },
  },
  email: "E-mail address",
  name: "Name",
  password: "Password",
  passwordHint: "At least 12 characters. A phrase will do; no signs are needed.",
  totp: {
    heading: "Add the second factor",
    lead: "Your role needs it. Scan the code with an authenticator app and type the six digits that it shows.",
    qrAlt: "QR code for the authenticator app",
    secret: "Without a camera, type this key:",
    code: "Six digits",
    submit: "Confirm",
  },
  codes: {
    heading: "Keep these codes",
    lead: "Each works once if you lose the phone. They are not shown again.",
  },
  done: { heading: "Done", lead: "You may close this page." },
  problems: {
    "link-void": "The link is unknown, used or too old. Ask for another one.",
    "sign-in-first":
      "That address has an account here: sign in, and accept the invitation from there.",
    "password-refused":
      "The password is too short, too common, or your own name. Choose another one.",
    "proof-refused": "The code is not right. Wait for the next one and type it.",
    "too-many-attempts": "Too many attempts. Wait a quarter of an hour.",
    "invalid-input": "Check what you typed.",
    offline: "The server does not answer. Try again.",
  },
  noScript: "This page needs JavaScript.",
};

export const ACCESS_TEXTS: Readonly<Record<Language, AccessTexts>> = { es, pt, en };
