//! Which rows go where: every table of the source has one of its name in the target, with the same columns.

use std::collections::BTreeMap;

use super::cell::CellKind;
use super::fault::MoveFault;

/// A table, as a catalogue describes it.
#[derive(Debug)]
pub(super) struct FoundTable {
    pub(super) name: String,
    /// Without those that are computed.
    pub(super) columns: Vec<FoundColumn>,
    /// The migrations that it notes, if it is a table of those.
    pub(super) migrations: Vec<i64>,
}

/// A column, as a catalogue describes it.
#[derive(Debug)]
pub(super) struct FoundColumn {
    pub(super) name: String,
    /// Its type in the words of the catalogue.
    pub(super) declared: String,
    /// `None` when its values have no like on the other engine.
    pub(super) kind: Option<CellKind>,
}

/// A table whose rows go over.
#[derive(Debug)]
pub(super) struct MovingTable {
    pub(super) name: String,
    /// By name, so that both sides read them in one order.
    pub(super) columns: Vec<MovingColumn>,
}

/// A column of a table whose rows go over.
#[derive(Debug)]
pub(super) struct MovingColumn {
    pub(super) name: String,
    /// The kind in the target.
    pub(super) kind: CellKind,
}

/// Tables with rows in a database that no server has used, with the number of those rows.
pub(super) const SEEDED: [(&str, u64); 2] = [("readiness", 1), ("roles", 3)];

/// Whether migrations are noted in this table. Each engine has its own, and so has the target.
pub(super) fn is_of_migrations(table: &str) -> bool {
    table == "_sqlx_migrations" || (table.starts_with("_plugin_") && table.ends_with("_migrations"))
}

/// The tables whose rows go over.
///
/// # Errors
/// `Unmovable` names what the target has no place for.
pub(super) fn plan(source: &[FoundTable], target: &[FoundTable]) -> Result<Vec<MovingTable>, MoveFault> {
    let there: BTreeMap<&str, &FoundTable> =
        target.iter().map(|table| (table.name.as_str(), table)).collect();
    let mut moving = Vec::new();
    for table in source {
        let name = &table.name;
        let Some(found) = there.get(name.as_str()) else {
            return Err(MoveFault::Unmovable(format!(
                "the table `{name}` is not in the target. If it is a plug-in's, start the program that has the plug-in \
                 once with the target as its `database_url`, end it, and move then; or drop the table here"
            )));
        };
        if is_of_migrations(name) {
            if table.migrations != found.migrations {
                return Err(MoveFault::Unmovable(format!(
                    "`{name}` notes other migrations here than in the target: start the same version of the program \
                     once with each"
                )));
            }
            continue;
        }
        moving.push(MovingTable { name: name.clone(), columns: columns(table, found)? });
    }
    Ok(moving)
}

fn columns(table: &FoundTable, found: &FoundTable) -> Result<Vec<MovingColumn>, MoveFault> {
    let name = &table.name;
    let mut there: BTreeMap<&str, &FoundColumn> =
        found.columns.iter().map(|column| (column.name.as_str(), column)).collect();
    let mut moving = BTreeMap::new();
    for column in &table.columns {
        let Some(found) = there.remove(column.name.as_str()) else {
            let why = format!("the table `{name}` of the target has no column `{}`", column.name);
            return Err(MoveFault::Unmovable(why));
        };
        match (column.kind, found.kind) {
            (Some(here), Some(kind)) if here.is_like(kind) => {
                moving.insert(column.name.clone(), kind);
            }
            _ => {
                return Err(MoveFault::Unmovable(format!(
                    "the column `{}` of the table `{name}` is {} here and {} in the target; only whole numbers, text, \
                     bytes and truth values can be moved",
                    column.name,
                    in_words(&column.declared),
                    in_words(&found.declared)
                )));
            }
        }
    }
    if let Some(other) = there.into_keys().next() {
        let why = format!("the table `{name}` has no column `{other}` here, and the target's has one");
        return Err(MoveFault::Unmovable(why));
    }
    Ok(moving.into_iter().map(|(name, kind)| MovingColumn { name, kind }).collect())
}

fn in_words(declared: &str) -> String {
    if declared.is_empty() { "of no type".to_owned() } else { format!("`{declared}`") }
}

#[cfg(test)]
mod tests {
    use super::super::cell::NUMBER;
    use super::*;

    fn table(name: &str, columns: &[(&str, Option<CellKind>)]) -> FoundTable {
        let column = |(name, kind): &(&str, Option<CellKind>)| FoundColumn {
            name: (*name).to_owned(),
            declared: "x".to_owned(),
            kind: *kind,
        };
        FoundTable {
            name: name.to_owned(),
            columns: columns.iter().map(column).collect(),
            migrations: Vec::new(),
        }
    }

    #[test]
    fn columns_are_those_of_both_by_name() {
        let (number, text) = (Some(CellKind::Number { bytes: 4 }), Some(CellKind::Text));
        let source = [table("notes", &[("word", text), ("id", Some(NUMBER))])];
        let target = [table("other", &[]), table("notes", &[("id", number), ("word", text)])];
        let found = plan(&source, &target).unwrap();
        let columns: Vec<_> = found[0].columns.iter().map(|column| (&*column.name, column.kind)).collect();
        assert_eq!(columns, [("id", CellKind::Number { bytes: 4 }), ("word", CellKind::Text)]);
    }

    #[test]
    fn what_has_no_place_is_named() {
        let (number, text) = (Some(NUMBER), Some(CellKind::Text));
        let source = [table("notes", &[("id", number)])];
        for (target, said) in [
            (table("other", &[]), "the table `notes` is not in the target"),
            (table("notes", &[]), "of the target has no column `id`"),
            (table("notes", &[("id", number), ("word", text)]), "has no column `word` here"),
            (table("notes", &[("id", text)]), "the column `id` of the table `notes` is `x` here"),
            (table("notes", &[("id", None)]), "only whole numbers"),
        ] {
            let refused = plan(&source, &[target]).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
        }
    }

    #[test]
    fn migrations_are_compared_and_stay() {
        let noted = |migrations: &[i64]| FoundTable {
            migrations: migrations.to_vec(),
            ..table("_plugin_notes_migrations", &[])
        };
        assert!(plan(&[noted(&[1, 2])], &[noted(&[1, 2])]).unwrap().is_empty());
        let refused = plan(&[noted(&[1, 2])], &[noted(&[1])]).unwrap_err().to_string();
        assert!(refused.contains("`_plugin_notes_migrations` notes other migrations"), "{refused}");
        assert!(is_of_migrations("_sqlx_migrations") && !is_of_migrations("_plugin_notes"));
    }
}
