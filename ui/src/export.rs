//! The button that writes a list to a file as it is seen.

use commands::{ExportFormat, ExportList, ExportOrder, StartExport};
use yew::prelude::*;

use crate::{backend, clock, say::say, toast, widget::Dialog};

#[derive(Properties, PartialEq)]
pub(crate) struct ExportProps {
    /// The list with its filter and sort.
    pub(crate) list: ExportList,
    /// How the file begins: `nav-customers`.
    pub(crate) name: AttrValue,
}

async fn export(list: ExportList, name: String, format: ExportFormat) {
    let (ending, kind) = match format {
        ExportFormat::Csv => ("csv", "export-csv"),
        ExportFormat::Xlsx => ("xlsx", "export-xlsx"),
        ExportFormat::Vcf => ("vcf", "export-vcf"),
    };
    let arguments = serde_json::json!({
        "kind": { "name": say(kind), "endings": [ending] },
        "name": format!("{}-{}.{ending}", name.to_lowercase(), clock::today()),
    });
    let started = match backend::shell::<_, Option<String>>("choose_target", arguments).await {
        Ok(Some(path)) => {
            let order = ExportOrder { list, path, format };
            backend::call(StartExport { order }).await.map(|_| ())
        }
        Ok(None) => Ok(()),
        Err(failure) => Err(failure),
    };
    if let Err(failure) = started {
        toast::failure(&failure);
    }
}

#[component]
pub(crate) fn Export(props: &ExportProps) -> Html {
    let asked = use_state(|| false);
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(false))
    };
    let open = {
        let asked = asked.clone();
        move |_| asked.set(true)
    };
    let formats: &[(ExportFormat, &str)] = match props.list {
        ExportList::Contacts { .. } => &[
            (ExportFormat::Csv, "export-csv"),
            (ExportFormat::Xlsx, "export-xlsx"),
            (ExportFormat::Vcf, "export-vcf"),
        ],
        _ => &[(ExportFormat::Csv, "export-csv"), (ExportFormat::Xlsx, "export-xlsx")],
    };
    html! {
        <>
        <button onclick={open}>{ say("export") }</button>
        if *asked {
            <Dialog title={say("export-title")} close={close.clone()}>
                <p class="quiet">{ say("export-text") }</p>
                <div class="actions">
                    { for formats.iter().enumerate().map(|(index, (format, name))| {
                        let (list, file, format, close) = (props.list.clone(), say(&props.name), *format, close.clone());
                        html! {
                            <button class={classes!((index == 0).then_some("primary"))} onclick={move |_| {
                                close.emit(());
                                wasm_bindgen_futures::spawn_local(export(list.clone(), file.clone(), format));
                            }}>{ say(name) }</button>
                        }
                    }) }
                </div>
            </Dialog>
        }
        </>
    }
}
