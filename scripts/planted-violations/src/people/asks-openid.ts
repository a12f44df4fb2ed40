import "openid-client";
