import { fetchMedia } from "./link.js";

/** The modules through which a file is prepared, "uploaded" and downloaded. */

class OpaqueData {
  static async createFromData(data, type) {
    return new OpaqueData(data, type);
  }

  constructor(data, type) {
    this.data = data;
    this.type = type;
  }

  url() {
    return URL.createObjectURL(this.data);
  }

  formData() {
    return this.data;
  }

  autorelease() {}
}

const objects = new Map();

function prepare(opaque, { isPtt, asDocument, asSticker }) {
  const mimetype = opaque.type;
  const [family] = mimetype.split("/");
  const type = asDocument
    ? "document"
    : asSticker
      ? "sticker"
      : isPtt
        ? "ptt"
        : ({ image: "image", video: "video", audio: "audio" }[family] ?? "document");
  const mediaData = {
    type,
    mimetype,
    filehash: crypto.randomUUID(),
    filename: opaque.data.name,
    mediaBlob: opaque,
    size: opaque.data.size,
    toJSON: () => ({ type, mimetype, filename: opaque.data.name, size: opaque.data.size }),
    set(part) {
      Object.assign(mediaData, part);
    },
  };
  return { waitForPrep: async () => mediaData };
}

export const mediaModules = {
  WAWebMediaOpaqueData: OpaqueData,
  WAWebPrepRawMedia: { prepRawMedia: prepare },
  WAWebMediaStorage: {
    getOrCreateMediaObject(filehash) {
      if (!objects.has(filehash))
        objects.set(filehash, { filehash, contentInfo: {}, type: "document", consolidate() {} });
      return objects.get(filehash);
    },
  },
  WAWebMmsMediaTypes: { msgToMediaType: ({ type }) => type, castToV4: (type) => type },
  WAWebMediaDataUtils: { shouldUseMediaCache: () => false },
  WAWebMediaInMemoryBlobCache: { InMemoryMediaBlobCache: { put() {} } },
  WAWebMediaMmsV4Upload: {
    uploadMedia: async ({ mediaObject }) => ({
      mediaEntry: {
        mmsUrl: `https://mmg.whatsapp.net/${mediaObject.filehash}`,
        directPath: `/v/${mediaObject.filehash}`,
        mediaKey: mediaObject.filehash,
        mediaKeyTimestamp: 0,
        encFilehash: mediaObject.filehash,
        uploadHash: mediaObject.filehash,
      },
    }),
  },
  WAWebDownloadManager: {
    downloadManager: {
      async downloadAndMaybeDecrypt({ directPath }) {
        const blob = await fetchMedia(directPath.replace("/v/", ""));
        if (blob === undefined) throw Object.assign(new Error("gone"), { status: 404 });
        return blob.arrayBuffer();
      },
    },
  },
};
