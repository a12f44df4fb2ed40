import { Component, type ReactNode } from "react";
import { Failure } from "../parts/states.tsx";

/** What a view threw while it was drawn, with the request's id when the API refused it. */
export class ErrorBoundary extends Component<
  { readonly children: ReactNode },
  { readonly error: unknown }
> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <main>
        <Failure error={error} retry={() => this.setState({ error: undefined })} />
      </main>
    );
  }
}
