import "@napi-rs/canvas";
