//! The contract as text for a terminal, and as the tables of `docs/themes.md`.

use std::fmt::{self, Write as _};

use super::contract::{Contract, FieldContract, FormContract, TemplateContract};
use crate::shape::Line;

/// A form in a line: `post /user/login: email, password; next (hidden)`.
fn form(form: &FormContract) -> String {
    let field = |field: &FieldContract| {
        let kind = if field.kind == "hidden" { " (hidden)" } else { "" };
        let optional = if field.required { "" } else { "?" };
        format!("{}{optional}{kind}", field.name)
    };
    let fields: Vec<String> = form.fields.iter().map(field).collect();
    let enctype = if form.enctype.is_empty() { String::new() } else { format!(" as {}", form.enctype) };
    let fields = if fields.is_empty() { "no fields".to_owned() } else { fields.join(", ") };
    let when = if form.always { "" } else { "; in some states" };
    format!("{} {}{enctype}: {fields}{when}", form.method, form.action)
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variables = |f: &mut fmt::Formatter<'_>, lines: &[Line]| -> fmt::Result {
            for Line { name, kind, about } in lines {
                writeln!(f, "    {name}: {kind}. {about}")?;
            }
            Ok(())
        };
        writeln!(f, "Contract {}", self.contract)?;
        for change in self.changes {
            writeln!(f, "  since {}: {}: {}", change.contract, change.template, change.what)?;
        }
        writeln!(f, "\nEvery page knows")?;
        variables(f, &self.everywhere)?;
        writeln!(f, "\nEvery mail knows")?;
        variables(f, &self.in_mail)?;
        for template in &self.templates {
            writeln!(f, "\n{} ({}, since {})", template.name, template.kind, template.since)?;
            let list = |f: &mut fmt::Formatter<'_>, what: &str, items: &[String], between: &str| {
                if items.is_empty() { Ok(()) } else { writeln!(f, "  {what}: {}", items.join(between)) }
            };
            list(
                f,
                "about",
                std::slice::from_ref(&template.about).split(String::is_empty).next().unwrap_or_default(),
                "",
            )?;
            if !template.extends.is_empty() {
                writeln!(f, "  extends: {}", template.extends)?;
            }
            list(f, "blocks", &template.blocks, ", ")?;
            list(f, "macros", &template.macros, ", ")?;
            let forms: Vec<String> = template.forms.iter().map(form).collect();
            list(f, "forms", &forms, "\n         ")?;
            list(f, "must stay", &template.stays, ", ")?;
            if template.kind == "piece" {
                list(f, "used by", &template.used_by, ", ")?;
            }
            variables(f, &template.variables)?;
        }
        Ok(())
    }
}

/// The tables of `docs/themes.md`.
pub fn markdown(contract: &Contract) -> String {
    let mut out = String::new();
    // Writing to a `String` never fails.
    let _ = write_markdown(&mut out, contract);
    out
}

fn write_markdown(out: &mut String, contract: &Contract) -> fmt::Result {
    let table = |out: &mut String, lines: &[Line]| -> fmt::Result {
        writeln!(out, "| variable | type | meaning |\n|---|---|---|")?;
        for Line { name, kind, about } in lines {
            writeln!(out, "| `{name}` | {kind} | {} |", about.replace('|', "\\|"))?;
        }
        writeln!(out)
    };
    writeln!(out, "### Every page\n")?;
    table(out, &contract.everywhere)?;
    writeln!(out, "### Every mail\n")?;
    table(out, &contract.in_mail)?;
    for template in contract.templates.iter().filter(|template| template.kind != "piece") {
        section(out, template)?;
        if !template.variables.is_empty() {
            table(out, &template.variables)?;
        }
    }
    writeln!(out, "### Pieces\n\n| piece | what it is | macro | pages |\n|---|---|---|---|")?;
    for piece in contract.templates.iter().filter(|template| template.kind == "piece") {
        let macros: Vec<String> = piece.macros.iter().map(|head| format!("`{head}`")).collect();
        let pages: Vec<&str> = piece
            .used_by
            .iter()
            .map(|page| page.trim_start_matches("pages/").trim_end_matches(".html"))
            .collect();
        writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            piece.name,
            piece.about,
            macros.join(", "),
            pages.join(", ")
        )?;
    }
    Ok(())
}

fn section(out: &mut String, template: &TemplateContract) -> fmt::Result {
    let code = |items: &[String]| items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ");
    writeln!(out, "### `{}`\n", template.name)?;
    if !template.about.is_empty() {
        writeln!(out, "{}\n", template.about)?;
    }
    writeln!(out, "- a {} since contract {}", template.kind, template.since)?;
    if !template.extends.is_empty() {
        writeln!(out, "- extends `{}`", template.extends)?;
    }
    if !template.blocks.is_empty() {
        writeln!(out, "- blocks: {}", code(&template.blocks))?;
    }
    for wanted in &template.forms {
        writeln!(out, "- form: `{}`", form(wanted))?;
    }
    if !template.stays.is_empty() {
        writeln!(out, "- must stay: {}", template.stays.join(", "))?;
    }
    writeln!(out)
}
